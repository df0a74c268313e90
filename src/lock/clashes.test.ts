import { expect, it } from 'vitest';
import { clashes, refuseClashes } from './clashes.js';

it.each([
  ['proto/o/a', 11, 'proto/o/b', 11],
  ['proto/o/s/x', 1, 'proto/o/s/y', 1],
  ['migrations/add_a', 4, 'migrations/create/b', 4],
  ['documents/add_a', 4, 'documents/create/b', 4],
  ['proto/o/a', 11, 'proto/o/a', 12],
])('refuses %s = %i beside %s = %i, and names both', (a, first, b, second) => {
  const numbers = [
    { name: a, number: first },
    { name: b, number: second },
  ];
  expect(clashes(numbers)).toEqual([numbers]);
  expect(() => refuseClashes(numbers)).toThrow(
    expect.objectContaining({
      exitCode: 1,
      diagnostics: [expect.objectContaining({ message: expect.stringContaining(b) })],
    }),
  );
});

it('lets fields of different resources, values of different enums, and both stores have one number', () => {
  const names = ['proto/o/a', 'proto/p/a', 'proto/o/s/x', 'proto/o/t/x', 'migrations/a', 'documents/a', 'left/o/a'];
  expect(clashes(names.map((name) => ({ name, number: 11 })))).toEqual([]);
});
