import { describe, expect, it } from 'vitest';
import type { FileMode, OwnershipClass } from '../catalog/catalog.js';
import { digest } from '../lock/digest.js';
import type { BaseEntry, DiskEntry } from './operation.js';
import { plan } from './plan.js';

const path = 'Dockerfile';
const owner = 'service';

function base(body: string, ownership: OwnershipClass, more: Partial<BaseEntry> = {}): BaseEntry {
  const stored = ownership === 'managed' ? { body } : {};
  return { path, class: ownership, owner, mode: 0o644, sha256: digest(body), ...stored, ...more };
}

function disk(text: string, mode = 0o644): DiskEntry {
  return { path, kind: 'file', mode, sha256: digest(text), text };
}

function decideOne(
  last: BaseEntry | undefined,
  ours: DiskEntry | undefined,
  theirs: { body: string; class: OwnershipClass; mode?: FileMode } | undefined,
) {
  const { operations } = plan(
    { entries: last ? [last] : [] },
    { entries: ours ? [ours] : [] },
    { entries: theirs ? [{ path, owner, mode: 0o644, ...theirs }] : [] },
  );
  const [operation] = operations;
  if (!operation || operations.length > 1) throw new Error('expected one operation');
  return operation;
}

const link: DiskEntry = { path, kind: 'symlink', mode: 0o777 };
const binary: DiskEntry = { path, kind: 'file', mode: 0o644, sha256: digest('mine') };

describe('a path', () => {
  it.each([
    // last render, disk, this render (body), class → verdict, what is written, whose render the lock remembers
    ['is made', undefined, undefined, 'new', 'managed', 'create', 'new', 'new'],
    ['is there already', undefined, 'new', 'new', 'managed', 'unchanged', undefined, 'new'],
    ['is somebody else’s', undefined, 'mine', 'new', 'managed', 'conflict', undefined, 'new'],
    ['did not change', 'old', 'old', 'old', 'managed', 'unchanged', undefined, 'old'],
    ['changed in the templates', 'old', 'old', 'new', 'managed', 'update', 'new', 'new'],
    ['changed on both sides alike', 'old', 'new', 'new', 'managed', 'unchanged', undefined, 'new'],
    ['was edited', 'old', 'mine', 'old', 'managed', 'kept-edited', undefined, 'old'],
    ['was edited and changed', 'old', 'mine', 'new', 'managed', 'merge', '', 'new'],
    ['was deleted', 'old', undefined, 'new', 'managed', 'skipped-deleted', undefined, 'new'],
    ['is rendered no longer', 'old', 'old', undefined, 'managed', 'removed', undefined, undefined],
    ['is rendered no longer and is gone', 'old', undefined, undefined, 'managed', 'removed', undefined, undefined],
    ['is rendered no longer and was edited', 'old', 'mine', undefined, 'managed', 'kept-edited', undefined, undefined],
    ['changed in the templates', 'old', 'old', 'new', 'generated', 'update', 'new', 'new'],
    ['was edited', 'old', 'mine', 'old', 'generated', 'kept-edited', undefined, 'old'],
    ['was edited and changed', 'old', 'mine', 'new', 'generated', 'conflict', undefined, 'old'],
    ['changed in the templates', 'old', 'old', 'new', 'yours', 'unchanged', undefined, 'old'],
    ['was edited and changed', 'old', 'mine', 'new', 'yours', 'kept-edited', undefined, 'old'],
    ['was deleted', 'old', undefined, 'new', 'yours', 'skipped-deleted', undefined, 'new'],
    ['was deleted', 'old', undefined, 'new', 'derived', 'create', 'new', 'new'],
    ['was edited', 'old', 'mine', 'new', 'derived', 'update', 'new', 'new'],
    ['was ejected', 'old', 'mine', 'new', 'ejected', 'ejected', undefined, 'old'],
  ] as const)(
    'that %s: %s, %s, %s, class %s → %s',
    (_, last, ours, theirs, ownership, verdict, written, remembered) => {
      const operation = decideOne(
        last === undefined ? undefined : base(last, ownership),
        ours === undefined ? undefined : disk(ours),
        theirs === undefined ? undefined : { body: theirs, class: ownership },
      );
      expect(operation.verdict).toBe(verdict);
      expect(operation.after?.body).toBe(written);
      expect(operation.record?.sha256).toBe(remembered && digest(remembered));
    },
  );

  it.each([
    ['a link', link, 'a symbolic link is in the way'],
    ['a directory', { ...link, kind: 'directory' }, 'a directory is in the way'],
    ['another text', disk('mine'), 'a different file is there already'],
  ] as const)('where %s stands is a conflict that says so', (_, ours, reason) => {
    expect(decideOne(undefined, ours, { body: 'new', class: 'managed' })).toMatchObject({
      verdict: 'conflict',
      reason,
    });
  });

  it('of class yours is updated and merged when its base was rendered again', () => {
    const last = base('old', 'yours', { body: 'old' });
    expect(decideOne(last, disk('old'), { body: 'new', class: 'yours' }).verdict).toBe('update');
    expect(decideOne(last, disk('mine'), { body: 'new', class: 'yours' })).toMatchObject({
      verdict: 'merge',
      sides: { base: 'old', ours: 'mine', theirs: 'new' },
    });
  });

  it('that has no base is a conflict of two texts; one that is no text keeps its base', () => {
    const { body: _, ...last } = base('old', 'managed');
    expect(decideOne(last, disk('mine'), { body: 'new', class: 'managed' })).toMatchObject({
      verdict: 'conflict',
      reason: 'it was edited, and its last render is gone',
      record: { sha256: digest('new') },
      sides: { ours: 'mine', theirs: 'new' },
    });
    expect(decideOne(base('old', 'managed'), binary, { body: 'new', class: 'managed' })).toMatchObject({
      verdict: 'conflict',
      reason: 'it was edited and is not UTF-8',
      record: { sha256: digest('old') },
    });
  });

  it('becomes executable when the template says so, whatever the umask of the disk', () => {
    const last = base('old', 'managed');
    expect(decideOne(last, disk('old', 0o600), { body: 'old', class: 'managed' }).verdict).toBe('unchanged');
    expect(decideOne(last, disk('old', 0o600), { body: 'old', class: 'managed', mode: 0o755 })).toMatchObject({
      verdict: 'update',
      before: { mode: 0o600 },
      after: { mode: 0o755 },
    });
  });

  it('is stored as a merge base only when it is managed', () => {
    const stored = (ownership: OwnershipClass) =>
      decideOne(undefined, undefined, { body: 'new', class: ownership }).record?.body;
    expect([stored('managed'), stored('yours'), stored('generated')]).toEqual(['new', undefined, undefined]);
  });
});

describe('a plan', () => {
  it('is sorted by path and prints as JSON', () => {
    const entry = (name: string) => ({ path: name, body: name, mode: 0o644, owner, class: 'yours' }) as const;
    const made = plan({ entries: [] }, { entries: [] }, { entries: [entry('b'), entry('a/c'), entry('B')] });
    expect(made.operations.map((operation) => operation.path)).toEqual(['B', 'a/c', 'b']);
    expect(JSON.parse(JSON.stringify(made))).toEqual(made);
  });
});
