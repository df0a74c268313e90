import type { FieldKind } from './kind.js';
import { exampleCount } from './kind.js';
import { asItself, repeated, written } from './string.js';

/** Longest value of MySQL's TEXT in bytes, and the default of `max`. */
export const plainText = 65_535;

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
  refused: ({ max = plainText }) => [
    { ...repeated(Number(max) + 1), json: '', text: '', rule: 'max', label: 'too long' },
  ],
  wrongType: '1',
  indexable: false,
};
