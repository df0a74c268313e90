import { expect, test } from 'vitest';
import { jsonSchema } from '../json-schema.js';
import { manifest } from '../manifest.js';
import { problemList } from '../problem.js';
import { manifestSchema } from '../schema/manifest-schema.js';
import { source } from '../source.js';
import { wholeGrammar } from '../testing/good.js';
import { shape } from './shape.js';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A linear congruential generator: the same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const strangers: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e9,
  '',
  'x',
  'X y',
  'none',
  'string',
  'create',
  '1',
  '5m',
  [],
  ['a'],
  {},
  { a: 1 },
];

/** Returns the value with one part changed: replaced, taken away or added. */
function mutated(value: Json, next: (below: number) => number): Json {
  const stranger = strangers[next(strangers.length)] ?? null;
  if (typeof value !== 'object' || value === null || next(8) === 0) return stranger;
  if (Array.isArray(value)) {
    if (value.length === 0 || next(6) === 0) return [...value, stranger];
    const at = next(value.length);
    return value.map((item, index) => (index === at ? mutated(item, next) : item));
  }
  const keys = Object.keys(value);
  const key = keys[next(keys.length)];
  if (key === undefined || next(8) === 0)
    return { ...value, [['x', 'Type', 'min', 'description'][next(4)] ?? 'x']: stranger };
  if (next(8) === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  return { ...value, [key]: mutated(value[key] ?? null, next) };
}

test('the walk over YAML accepts what the zod schema accepts, and nothing else', () => {
  const whole = JSON.parse(JSON.stringify(manifest(wholeGrammar, 'f'))) as Json;
  const next = numbers(7);
  const seen = { accepted: 0, refused: 0 };
  for (let round = 0; round < 400; round++) {
    const value = mutated(whole, next);
    const text = JSON.stringify(value);
    const read = source(text, 'f');
    if (!('root' in read)) throw new Error(`not YAML: ${text}`);
    const { problems, report } = problemList();
    shape({ definitions: jsonSchema().$defs ?? {}, report, note: read.note }, read.root, jsonSchema(), []);
    const parsed = manifestSchema.safeParse(value);
    seen[parsed.success ? 'accepted' : 'refused']++;
    expect(problems.length === 0, `${text}\n${JSON.stringify(problems)}\n${parsed.error?.message}`).toBe(
      parsed.success,
    );
  }
  expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(40);
});
