import { json } from '../../text/quote.js';
import { exampleCount, type FieldKind, type Written } from './kind.js';

/** `bool` */
export const bool: FieldKind = {
  goType: () => 'bool',
  goZero: 'false',
  sqlType: () => 'BOOLEAN',
  asText: (value) => `strconv.FormatBool(${value})`,
  parse: (text) => `strconv.ParseBool(${text})`,
  openapi: () => [['type', 'boolean']],
  rules: () => [],
  write: (value) => writtenBool(value === true),
  examples: () => [true, false].map(writtenBool),
  refused: () => [],
  wrongType: '"yes"',
  indexable: true,
};

/** `uuid` */
export const uuid: FieldKind = {
  goType: () => 'uuid.UUID',
  goZero: 'uuid.UUID{}',
  sqlType: () => 'BINARY(16)',
  sqlArgument: (value, nullable) => (nullable ? `mysqldb.UUID(${value})` : `${value}[:]`),
  asText: (value) => `${value}.String()`,
  parse: (text) => `mysqldb.ParseUUID(${text})`,
  parseForDocument: (text) => `uuid.Parse(${text})`,
  openapi: () => [
    ['type', 'string'],
    ['format', 'uuid'],
  ],
  rules: () => [],
  write: (value) => writtenUUID(String(value)),
  examples: () => numbered((n) => writtenUUID(`0190a6c2-7b1e-7d3a-9f00-${String(n).padStart(12, '0')}`)),
  refused: () => [],
  wrongType: '"not a UUID"',
  indexable: true,
};

function writtenBool(value: boolean): Written {
  return { text: String(value), go: String(value), json: String(value) };
}

function writtenUUID(text: string): Written {
  const lower = text.toLowerCase();
  return { text: lower, go: `uuid.MustParse("${lower}")`, json: json(lower) };
}

/** Returns examples made from 1, 2, 3 and so on. */
export function numbered(make: (n: number) => Written): readonly Written[] {
  return Array.from({ length: exampleCount }, (_, n) => make(n + 1));
}
