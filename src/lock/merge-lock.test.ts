import { expect, it } from 'vitest';
import { formatLock } from './format-lock.js';
import type { Lock } from './lock.js';
import { readLock } from './merge-lock.js';

const file = (path: string) =>
  ({ path, class: 'yours', owner: 'service', mode: 0o644, sha256: 'a1'.repeat(32) }) as const;
const lock = (parts: Partial<Lock>): Lock => ({
  tool: '0.1.0',
  manifest: 'a: 1\n',
  numbers: [],
  files: [file('m')],
  ...parts,
});

/** What git leaves when two locks conflict from the first line that differs to the last. */
function conflicted(ours: Lock, theirs: Lock, base?: string): string {
  const [a, b] = [formatLock(ours).split('\n'), formatLock(theirs).split('\n')];
  let [first, last] = [0, 0];
  while (a[first] === b[first]) first++;
  while (a.at(-1 - last) === b.at(-1 - last)) last++;
  const part = (lines: readonly string[]) => lines.slice(first, lines.length - last);
  const middle = base === undefined ? [] : ['||||||| base', base];
  const block = ['<<<<<<< HEAD', ...part(a), ...middle, '=======', ...part(b), '>>>>>>> other'];
  return [...a.slice(0, first), ...block, ...a.slice(a.length - last)].join('\n');
}

it.each([undefined, '  "x": 1'])('puts together what two branches remember, with the base %j', (base) => {
  const ours = lock({
    manifest: 'a: 1\nb: 2\n',
    numbers: [{ name: 'proto/o/a', number: 11 }],
    files: [file('a'), file('m')],
  });
  const theirs = lock({
    manifest: 'a: 1\nc: 2\n',
    numbers: [{ name: 'proto/o/b', number: 12 }],
    files: [file('b'), file('m')],
  });
  expect(readLock(conflicted(ours, theirs, base), 'a: 1\nb: 2\nc: 2\n')).toEqual({
    tool: '0.1.0',
    manifest: 'a: 1\nb: 2\nc: 2\n',
    numbers: [
      { name: 'proto/o/a', number: 11 },
      { name: 'proto/o/b', number: 12 },
    ],
    files: [file('a'), file('b'), file('m')],
  });
});

it('leaves a lock without markers as it is', () => {
  expect(readLock(formatLock(lock({})), 'z: 1\n')).toEqual(lock({}));
});
