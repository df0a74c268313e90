import type { FieldKind } from './kind.js';
import { exampleCount } from './kind.js';
import { asItself, repeated, written } from './string.js';

/** Longest value of MySQL's TEXT in bytes, and the default of `max`. */
export const plainText = 65_535;

/** Bytes of a request that a service takes by default: a longer text has no way in. */
const largestBody = 1_048_576;

/** `text`: a long text, limited in bytes of UTF-8. */
export const text: FieldKind = {
  goType: () => 'string',
  goZero: '""',
  sqlType: ({ max = plainText }) => (Number(max) <= plainText ? 'TEXT' : 'MEDIUMTEXT'),
  ...asItself,
  openapi: () => [['type', 'string']],
  rules: () => ['max'],
  write: (value) => written(String(value)),
  examples: ({ words, max = plainText }) => {
    const numbered = Array.from({ length: exampleCount }, (_, n) =>
      `${words} ${n + 1}`.slice(-Number(max)).trimStart(),
    );
    return [...new Set(numbered)].map(written);
  },
  extremes: ({ max = plainText }) => [repeated(0), repeated(Math.min(Number(max), largestBody))],
  refused: ({ max = plainText }) => [
    { ...repeated(Number(max) + 1), json: '', text: '', rule: 'max', label: 'too long' },
  ],
  wrongType: '1',
  indexable: false,
};
