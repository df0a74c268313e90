import { goString, json } from '../../text/quote.js';
import { matching, unmatched } from '../../text/re2/texts.js';
import type { RuleName } from '../field-model.js';
import type { FieldKind, FieldSpec, Written, WrittenRefused } from './kind.js';
import { exampleCount } from './kind.js';

/** How values travel that are text in Go. */
export const asItself = {
  asText: (value: string) => value,
  parse: (text: string) => text,
} as const;

/** `string`: a text of at most 1024 characters. */
export const string: FieldKind = {
  goType: () => 'string',
  goZero: '""',
  sqlType: ({ max }) => `VARCHAR(${max})`,
  ...asItself,
  openapi: ({ min, max, pattern }) => [
    ['type', 'string'],
    ...(Number(min ?? 0) > 0 ? [['minLength', String(min)] as const] : []),
    ['maxLength', String(max)],
    ...(pattern === undefined ? [] : [['pattern', json(pattern)] as const]),
  ],
  rules: ({ min, pattern }) => {
    const rules: RuleName[] = Number(min ?? 0) > 0 ? ['min', 'max'] : ['max'];
    return pattern === undefined ? rules : [...rules, 'pattern'];
  },
  write: (value) => written(String(value)),
  examples: (field) => exampleTexts(field).map(written),
  extremes: ({ min, max, pattern }) =>
    pattern === undefined ? [repeated(Number(min ?? 0)), repeated(Number(max), wide)] : undefined,
  refused,
  wrongType: '1',
  indexable: true,
};

/** Returns a text as a Go string and as JSON. */
export function written(text: string): Written {
  return { text, go: goString(text), json: json(text) };
}

/** A character that takes the most bytes, four, and two units of UTF-16. */
const wide = '\u{1F642}';

/** Returns a text of so many times one character. */
export function repeated(count: number, character = 'x'): Written {
  const text = character.repeat(count);
  const go = count < 12 ? goString(text) : `strings.Repeat(${goString(character)}, ${count})`;
  return { text, go, json: json(text) };
}

function exampleTexts(field: FieldSpec): readonly string[] {
  const [shortest, longest] = [Number(field.min ?? 0), Number(field.max)];
  if (field.pattern !== undefined) return matching(field.pattern, shortest, longest, exampleCount);
  const numbered = Array.from({ length: exampleCount }, (_, n) => fitted(`${field.words} ${n + 1}`, shortest, longest));
  return [...new Set(numbered)];
}

/** Keeps the end, where the number is. */
function fitted(text: string, shortest: number, longest: number): string {
  return text.padStart(shortest, 'x').slice(-longest).trimStart().padStart(shortest, 'x');
}

function refused({ min, max, pattern }: FieldSpec): readonly WrittenRefused[] {
  const [shortest, longest] = [Number(min ?? 0), Number(max)];
  const values: WrittenRefused[] = [{ ...repeated(longest + 1), rule: 'max', label: 'too long' }];
  if (shortest > 0) values.unshift({ ...repeated(shortest - 1), rule: 'min', label: 'too short' });
  const wrong = pattern === undefined ? undefined : unmatched(pattern, shortest, longest);
  return wrong === undefined
    ? values
    : [...values, { ...written(wrong), rule: 'pattern', label: 'not matching the pattern' }];
}
