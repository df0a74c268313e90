import { describe, expect, it } from 'vitest';
import { digest } from '../lock/digest.js';
import type { Plan } from '../plan/operation.js';
import { plan } from '../plan/plan.js';
import { merge } from './merge.js';

/** The plan for one managed file with these three texts. */
function planFor(base: string, ours: string, theirs: string, mode = 0o644): Plan {
  const file = { path: 'Makefile', owner: 'service', class: 'managed', mode: 0o644 } as const;
  return plan(
    { entries: [{ ...file, sha256: digest(base), body: base }] },
    { entries: [{ path: file.path, kind: 'file', mode, sha256: digest(ours), text: ours }] },
    { entries: [{ ...file, body: theirs }] },
  );
}

const merged = (base: string, ours: string, theirs: string) => merge(planFor(base, ours, theirs)).operations[0];

describe('merge', () => {
  it('gives a file that both sides changed its merged text, and remembers the render', () => {
    expect(merged('a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nC\n')).toMatchObject({
      verdict: 'merge',
      before: { sha256: digest('A\nb\nc\n') },
      after: { body: 'A\nb\nC\n', mode: 0o644 },
      record: { sha256: digest('a\nb\nC\n'), body: 'a\nb\nC\n' },
    });
  });

  it('calls a file with markers a conflict and says how many there are', () => {
    const found = merged('a\nx\nb\n', 'A\nx\nB\n', '1\nx\n2\n');
    expect(found).toMatchObject({ verdict: 'conflict', reason: expect.stringContaining('in 2 places') });
    expect(found?.after?.body).toContain('<<<<<<< yours\nA\n||||||| last render\na\n=======\n1\n>>>>>>> this render\n');
  });

  it('keeps a file in which the person made the change already', () => {
    const found = merged('a\nb\nc\n', 'a\nB\nc\nd\n', 'a\nB\nc\n');
    expect(found).toMatchObject({ verdict: 'kept-edited', record: { sha256: digest('a\nB\nc\n') } });
    expect(found?.after).toBeUndefined();
  });

  it('leaves every other operation as it is', () => {
    const untouched = planFor('a', 'a', 'b');
    expect(merge(untouched)).toEqual(untouched);
  });
});
