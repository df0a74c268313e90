import { describe, expect, it } from 'vitest';
import { aCatalog } from '../../test/support/a-catalog.js';
import type { Manifest } from '../manifest/grammar.js';
import type { Resource } from '../resolve/model.js';
import { resolve } from '../resolve/resolve.js';
import { tableChange } from './schema-change.js';

type Fields = NonNullable<NonNullable<Manifest['resources']>[string]['fields']>;

const catalog = aCatalog({});

function thing(fields: Fields): Resource {
  const head = { apiVersion: 'create-service/v1', name: 'a', module: 'example.com/a', owner: 'me' } as const;
  const [resource] = resolve({ ...head, resources: { thing: { store: 'mysql', fields } } }, catalog).resources;
  if (!resource) throw new Error('no resource');
  return resource;
}

const change = (before: Fields, after: Fields) => tableChange(thing(before), thing(after));
const none: Fields = { a: { type: 'bool' } };

describe('a step for the table of a resource', () => {
  it.each([
    ['string', { type: 'string', max: 20, default: "it's" }, "VARCHAR(20) NOT NULL DEFAULT 'it''s'"],
    ['text', { type: 'text', default: 'a\nb' }, "TEXT NOT NULL DEFAULT ('a\\nb')"],
    ['int32', { type: 'int32', default: -5 }, 'INT NOT NULL DEFAULT -5'],
    ['int64', { type: 'int64', default: '9007199254740993' }, 'BIGINT NOT NULL DEFAULT 9007199254740993'],
    ['float64', { type: 'float64', default: 1.5 }, 'DOUBLE NOT NULL DEFAULT 1.5'],
    ['decimal', { type: 'decimal', precision: 4, scale: 2, default: '1.50' }, 'DECIMAL(4,2) NOT NULL DEFAULT 1.50'],
    ['bool', { type: 'bool', default: false }, 'BOOLEAN NOT NULL DEFAULT FALSE'],
    [
      'uuid',
      { type: 'uuid', default: '6ba7b810-9dad-11d1-80b4-00c04fd430c8' },
      "BINARY(16) NOT NULL DEFAULT x'6ba7b8109dad11d180b400c04fd430c8'",
    ],
    [
      'timestamp',
      { type: 'timestamp', default: '2026-01-02T03:04:05Z' },
      "DATETIME(6) NOT NULL DEFAULT '2026-01-02 03:04:05'",
    ],
    ['date', { type: 'date', default: '2026-01-02' }, "DATE NOT NULL DEFAULT '2026-01-02'"],
    ['json', { type: 'json', default: { a: [1] } }, `JSON NOT NULL DEFAULT ('{"a":[1]}')`],
  ] as const)('adds a required %s with its default', (_, field, column) => {
    const { change: made, problems } = change(none, { ...none, b: { ...field, required: true } });
    expect(problems).toEqual([]);
    expect(made).toMatchObject({
      name: 'add_b_to_things',
      up: [`ADD COLUMN \`b\` ${column}`],
      down: ['DROP COLUMN `b`'],
    });
  });

  it('fills the rows that are there when a required field without default is added', () => {
    const { change: made, problems } = change(none, {
      ...none,
      b: { type: 'decimal', precision: 4, scale: 2, required: true, backfill: '0.50' },
    });
    expect(problems).toEqual([]);
    expect(made).toMatchObject({
      up: ['ADD COLUMN `b` DECIMAL(4,2) NOT NULL DEFAULT 0.50'],
      down: ['DROP COLUMN `b`'],
    });
  });

  it('is none for a field that was renamed, which keeps its column, its key and its check', () => {
    const before = { total: { type: 'int32', index: true }, state: { type: 'enum', values: ['x'] } } as const;
    const after = {
      amount: { ...before.total, was: 'total' },
      phase: { ...before.state, was: 'state' },
    } as const;
    expect(change(before, after)).toEqual({ problems: [], left: [] });
    expect(change(after, { ...after, amount: { ...after.amount, required: false, type: 'int32' } })).toEqual({
      problems: [],
      left: [],
    });
  });

  it.each([
    [
      { type: 'text', max: 70_000 },
      { type: 'text', max: 10 },
    ],
    [
      { type: 'string', max: 20 },
      { type: 'string', max: 10 },
    ],
    [
      { type: 'enum', values: ['x', 'y'] },
      { type: 'enum', values: ['y'] },
    ],
  ] as const)('leaves a column as it is that allows less from now on, %j to %j', (before, after) => {
    expect(change({ b: before }, { b: after })).toEqual({ problems: [], left: ['b'] });
  });

  it.each([
    ['a name that is forgotten', { b: { type: 'bool', was: 'a' } }, { b: { type: 'bool' } }, 'write was: a'],
    ['the second of three names', { b: { type: 'bool', was: 'a' } }, { c: { type: 'bool', was: 'b' } }, 'write was: a'],
    [
      'a name that nothing had',
      { b: { type: 'bool' } },
      { b: { type: 'bool' }, c: { type: 'bool', was: 'x' } },
      'take was away: the field is new',
    ],
  ] as const)('is refused for %s', (_, before, after, hint) => {
    const { problems, change: made } = change(before, after);
    expect(made).toBeUndefined();
    expect(problems.map((each) => each.hint)).toEqual([hint]);
  });

  it('takes back in the reverse order what it did', () => {
    const made = change(none, {
      ...none,
      b: { type: 'string', max: 5, index: true },
      c: { type: 'enum', values: ['x'] },
    });
    expect(made.change).toEqual({
      name: 'add_fields_to_things',
      resource: 'thing',
      tableSQL: '`things`',
      up: [
        'ADD COLUMN `b` VARCHAR(5) NULL',
        'ADD COLUMN `c` VARCHAR(1) NULL',
        'ADD KEY `things_b` (`b`, `id`)',
        "ADD CONSTRAINT `things_c_check` CHECK (`c` IN ('x'))",
      ],
      down: ['DROP CONSTRAINT `things_c_check`', 'DROP KEY `things_b`', 'DROP COLUMN `c`', 'DROP COLUMN `b`'],
    });
  });

  it('keeps the default of a column that gets wider', () => {
    const field = (max: number) => ({ b: { type: 'string', max, required: true, default: 'x' } }) as const;
    expect(change(field(5), field(9)).change).toMatchObject({
      name: 'change_things',
      up: ["MODIFY COLUMN `b` VARCHAR(9) NOT NULL DEFAULT 'x'"],
      down: ["MODIFY COLUMN `b` VARCHAR(5) NOT NULL DEFAULT 'x'"],
    });
  });

  it('leaves the column of a field that is gone, with its key, and lets it be null', () => {
    const field = { b: { type: 'int32', required: true, index: true } } as const;
    expect(change({ ...none, ...field }, none)).toMatchObject({
      left: ['b'],
      change: { up: ['MODIFY COLUMN `b` INT NULL'], down: ['MODIFY COLUMN `b` INT NOT NULL'] },
    });
    expect(change({ ...none, b: { type: 'int32' } }, none)).toEqual({ left: ['b'], problems: [] });
  });

  it.each([
    ['another description', { b: { type: 'bool', description: 'x' } }, { b: { type: 'bool', description: 'y' } }],
    ['another order', { a: { type: 'bool' }, b: { type: 'bool' } }, { b: { type: 'bool' }, a: { type: 'bool' } }],
  ] as const)('is none for %s', (_, before, after) => {
    expect(change(before, after)).toEqual({ problems: [], left: [] });
  });

  it.each([
    [
      { type: 'decimal', precision: 6, scale: 2 },
      { type: 'decimal', precision: 6, scale: 3 },
    ],
    [
      { type: 'enum', values: ['x', 'y'] },
      { type: 'enum', values: ['x', 'z'] },
    ],
  ] as const)('is refused where rows could not follow, %j to %j', (before, after) => {
    const { problems, change: made } = change({ b: before }, { b: after });
    expect(made).toBeUndefined();
    expect(problems).toHaveLength(1);
  });
});
