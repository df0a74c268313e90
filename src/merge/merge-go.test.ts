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

const func = (name: string) =>
  `// ${name} does it.\nfunc (o *Order) ${name}() error {\n\tif o == nil {\n\t\treturn nil\n\t}\n\treturn nil\n}\n\n`;
const file = (...parts: readonly string[]) => `package order\n\n${parts.join('')}func (o *Order) last() {}\n`;

it('takes the declarations that both sides added at one place', () => {
  const merged = mergeGo(file(), file(func('Expire')), file(func('Ship'), 'const limit = 3\n\n'), labels);
  expect(merged).toEqual({ text: file(func('Expire'), func('Ship'), 'const limit = 3\n\n'), conflicts: 0 });
});

it('takes the imports that both sides added at one place, sorted', () => {
  const imports = (...paths: readonly string[]) =>
    `package order\n\nimport (\n${['\t"context"', ...paths, '\t"time"'].join('\n')}\n)\n`;
  const merged = mergeGo(imports(), imports('\t"fmt"', '\t"strings"'), imports('\t"errors"', '\t"fmt"'), labels);
  expect(merged).toEqual({ text: imports('\t"errors"', '\t"fmt"', '\t"strings"'), conflicts: 0 });
});

it.each([
  ['declarations of one name', file(func('Ship')), file(func('Ship').replace('does', 'did'))],
  ['statements', file('func a() {\n\tb()\n}\n\n'), file('func a() {\n\tc()\n}\n\n')],
  ['half a declaration', file('const (\n\ta = 1\n)\n\n'), file(func('Ship'))],
])('shows a conflict of two %s', (_, ours, theirs) => {
  expect(mergeGo(file(), ours, theirs, labels).conflicts).toBe(1);
});

const edited = base.replace('CustomerID uuid.UUID', 'CustomerID uuid.UUID // shown to nobody');

it('keeps the blanks of comments and of strings over several lines', () => {
  const comment = edited.replace('\tNote ', '\t// Note is what sales calls it.\n\tNote ');
  const merged = mergeGo(base, comment, theirs, labels);
  expect(merged.text).toContain('\t// Note is what sales calls it.\n');
  const raw = `${edited}\nconst text = \`\n\tx  y\n\tx   y\n\`\n`;
  expect(mergeGo(base, raw, theirs, labels).text).toContain('\tx  y\n\tx   y\n');
});

it('knows lines apart that differ in their columns alone', () => {
  const other = 'type Item struct {\n\tID   uuid.UUID\n\tSize int\n}\n';
  const merged = mergeGo(`${base}\n${other}`, `${edited}\n${other}`, `${theirs}\n${other}`, labels);
  expect(merged).toEqual({
    text: `${theirs.replace('CustomerID    uuid.UUID', 'CustomerID    uuid.UUID // shown to nobody')}\n${other}`,
    conflicts: 0,
  });
});
