import * as z from 'zod';
import { exactNumber, freeText, line, snakeName } from './formats.js';

const flags = {
  description: freeText(500).describe('What the field means, for documents and comments.').optional(),
  required: z
    .boolean()
    .describe('Absent or null is refused; otherwise the field may be null. Default false.')
    .optional(),
  immutable: z.boolean().describe('Refused on update. Default false.').optional(),
  output_only: z
    .boolean()
    .describe('Never accepted from a client; set by the domain or by an action. Default false.')
    .optional(),
  index: z
    .boolean()
    .describe('Index the column, and allow it as an equality filter of the list. Default false.')
    .optional(),
  unique: z.boolean().describe('No two rows share a value. Default false.').optional(),
  pii: z
    .boolean()
    .describe('Personal data: kept out of logs, spans, events and error details. Default false.')
    .optional(),
  was: snakeName
    .describe('Its first name, when it was renamed: the database and protobuf know it by that one for ever.')
    .optional(),
};

/** The options that are a value of the field's type. */
const given = <T extends z.ZodType>(value: T) => ({
  default: value.describe('Applied on create when the field is absent.').optional(),
  backfill: value
    .describe('Value of the rows that are there when a required field without default is added.')
    .optional(),
});
const text65535 = given(freeText(65_535));
const number = given(exactNumber);
const smallest = exactNumber.describe('Smallest value that is allowed.').optional();
const largest = exactNumber.describe('Largest value that is allowed.').optional();
/** Longest value of MySQL's MEDIUMTEXT. */
const mediumText = 16_777_215;

const string = z.strictObject({
  type: z.literal('string'),
  max: z.int().min(1).max(1024).describe('Longest value, in characters.'),
  min: z.int().min(0).max(1024).describe('Shortest value, in characters. Default 0.').optional(),
  pattern: line(500).describe('RE2 expression that a value matches somewhere; anchor it with ^ and $.').optional(),
  ...text65535,
  ...flags,
});

const text = z.strictObject({
  type: z.literal('text'),
  max: z.int().min(1).max(mediumText).describe('Longest value, in bytes of UTF-8. Default 65535.').optional(),
  ...text65535,
  ...flags,
});

const numeric = <T extends 'int32' | 'int64' | 'float64'>(type: T) =>
  z.strictObject({ type: z.literal(type), min: smallest, max: largest, ...number, ...flags });

const decimal = z.strictObject({
  type: z.literal('decimal'),
  precision: z.int().min(1).max(38).describe('Digits in all.'),
  scale: z.int().min(0).max(30).describe('Digits after the point, at most the precision.'),
  min: smallest,
  max: largest,
  ...number,
  ...flags,
});

const bool = z.strictObject({
  type: z.literal('bool'),
  ...given(z.boolean()),
  ...flags,
});

const textual = <T extends 'uuid' | 'timestamp' | 'date'>(type: T) =>
  z.strictObject({ type: z.literal(type), ...text65535, ...flags });

const enumeration = z.strictObject({
  type: z.literal('enum'),
  values: z.array(snakeName).min(1).max(100).describe('The values, in order.'),
  ...text65535,
  ...flags,
});

const json = z.strictObject({
  type: z.literal('json'),
  max: z.int().min(1).max(mediumText).describe('Longest value, in bytes. Default 65535.').optional(),
  ...given(z.unknown()),
  ...flags,
});

/** One field of a resource. */
export const fieldSchema = z
  .discriminatedUnion('type', [
    string,
    text,
    numeric('int32'),
    numeric('int64'),
    numeric('float64'),
    decimal,
    bool,
    textual('uuid'),
    textual('timestamp'),
    textual('date'),
    enumeration,
    json,
  ])
  .meta({ id: 'field', title: 'a field', description: 'One field of a resource.' });
