import { isConflicted, sideOf } from './conflicted.js';
import type { Lock } from './lock.js';
import { parseLock } from './parse-lock.js';

/**
 * Reads a lock, also one that a merge of two branches left with markers: what both remember is put together.
 *
 * @param manifest `service.yaml` as it is now, which holds what both branches said
 * @throws UserError as `parseLock` does
 */
export function readLock(text: string, manifest: string): Lock {
  return isConflicted(text) ? together(text, manifest) : parseLock(text);
}

function together(text: string, manifest: string): Lock {
  const [ours, theirs] = [parseLock(sideOf(text, 'ours')), parseLock(sideOf(text, 'theirs'))];
  const conflicts = [...new Set([...(ours.conflicts ?? []), ...(theirs.conflicts ?? [])])].sort();
  return {
    tool: ours.tool,
    manifest: ours.manifest === theirs.manifest ? ours.manifest : manifest,
    numbers: union(ours.numbers, theirs.numbers, ({ name, number }) => `${name} ${number}`).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
    files: union(ours.files, theirs.files, ({ path }) => path).sort((a, b) => (a.path < b.path ? -1 : 1)),
    ...(conflicts.length > 0 && { conflicts }),
  };
}

function union<T>(ours: readonly T[], theirs: readonly T[], key: (item: T) => string): T[] {
  const keys = new Set(ours.map(key));
  return [...ours, ...theirs.filter((item) => !keys.has(key(item)))];
}
