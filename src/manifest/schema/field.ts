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
};

const defaultDescription = 'Applied on create when the field is absent.';
const textDefault = freeText(65_535).describe(defaultDescription).optional();
const numberDefault = exactNumber.describe(defaultDescription).optional();
const smallest = exactNumber.describe('Smallest value that is allowed.').optional();
const largest = exactNumber.describe('Largest value that is allowed.').optional();
/** Longest value of MySQL's MEDIUMTEXT. */
const mediumText = 16_777_215;

const string = z.strictObject({
  type: z.literal('string'),
  max: z.int().min(1).max(1024).describe('Longest value, in characters.'),
  min: z.int().min(0).max(1024).describe('Shortest value, in characters. Default 0.').optional(),
  pattern: line(500).describe('RE2 expression that a value matches somewhere; anchor it with ^ and $.').optional(),
  default: textDefault,
  ...flags,
});

const text = z.strictObject({
  type: z.literal('text'),
  max: z.int().min(1).max(mediumText).describe('Longest value, in bytes of UTF-8. Default 65535.').optional(),
  default: textDefault,
  ...flags,
});

const numeric = <T extends 'int32' | 'int64' | 'float64'>(type: T) =>
  z.strictObject({ type: z.literal(type), min: smallest, max: largest, default: numberDefault, ...flags });

const decimal = z.strictObject({
  type: z.literal('decimal'),
  precision: z.int().min(1).max(38).describe('Digits in all.'),
  scale: z.int().min(0).max(30).describe('Digits after the point, at most the precision.'),
  min: smallest,
  max: largest,
  default: numberDefault,
  ...flags,
});

const bool = z.strictObject({
  type: z.literal('bool'),
  default: z.boolean().describe(defaultDescription).optional(),
  ...flags,
});

const textual = <T extends 'uuid' | 'timestamp' | 'date'>(type: T) =>
  z.strictObject({ type: z.literal(type), default: textDefault, ...flags });

const enumeration = z.strictObject({
  type: z.literal('enum'),
  values: z.array(snakeName).min(1).max(100).describe('The values, in order.'),
  default: textDefault,
  ...flags,
});

const json = z.strictObject({
  type: z.literal('json'),
  max: z.int().min(1).max(mediumText).describe('Longest value, in bytes. Default 65535.').optional(),
  default: z.unknown().describe(defaultDescription).optional(),
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
