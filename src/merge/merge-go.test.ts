import { expect, it } from 'vitest';
import { mergeGo } from './merge-go.js';

const labels = { ours: 'ours', base: 'base', theirs: 'theirs' };
const struct = (...fields: readonly string[]) =>
  `type Order struct {\n${fields.map((each) => `\t${each}\n`).join('')}}\n`;

const base = struct('ID         uuid.UUID', 'CustomerID uuid.UUID', 'Note       *string', 'Version    int64');
const theirs = struct(
  'ID            uuid.UUID',
  'CustomerID    uuid.UUID',
  'Note          *string',
  'VeryLongField *string',
  'Version       int64',
);

it('merges a longer name with an edit of a line that it moves', () => {
  const ours = base.replace('CustomerID uuid.UUID', 'CustomerID uuid.UUID // shown to nobody');
  expect(mergeGo(base, ours, theirs, labels)).toEqual({
    text: theirs.replace('CustomerID    uuid.UUID', 'CustomerID    uuid.UUID // shown to nobody'),
    conflicts: 0,
  });
});

it('sets what a person added in the new column', () => {
  const ours = base
    .replace('\tVersion ', '\tMine       int\n\tVersion ')
    .replace('\tCustomerID ', '\tOther      bool\n\tCustomerID ');
  const { text, conflicts } = mergeGo(
    base,
    ours,
    theirs.replace('\tVeryLongField *string\n', '').replace('}\n', '\tVeryLongField *string\n}\n'),
    labels,
  );
  expect(conflicts).toBe(0);
  expect(text).toBe(
    struct(
      'ID            uuid.UUID',
      'Other         bool',
      'CustomerID    uuid.UUID',
      'Note          *string',
      'Mine          int',
      'Version       int64',
      'VeryLongField *string',
    ),
  );
});

it('leaves the conflict where the person set columns, or changed the same line', () => {
  const wider = base
    .replace('Note       *string', 'EvenLongerName *string')
    .replace('ID         uuid', 'ID             uuid');
  expect(mergeGo(base, wider, theirs, labels).conflicts).toBe(1);
  const text = mergeGo(base, base.replace('int64', 'int32'), theirs.replace('int64', 'uint64'), labels);
  expect(text.conflicts).toBe(1);
});

it('takes no blank in a quoted text for a column', () => {
  const [from, to] = ['x := "a  b"\n', 'x := "a b"\n'];
  expect(mergeGo(from, to, 'y := "a  b"\n', labels).conflicts).toBe(1);
});
