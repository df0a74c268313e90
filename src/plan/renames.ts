import type { BaseEntry, DiskEntry } from './operation.js';

type New = BaseEntry & { readonly body: string };

/** Share of lines that two texts have in common for one to be the other under a new name; git's share. */
const likeness = 0.5;

/**
 * Returns which path of the last render became which of this one: what the templates declare, and else a managed file whose path
 * is rendered no longer, and a new one that is most like it. Without this the edits of a person would stay behind at the old path.
 *
 * @param declared new path by old path
 * @returns old path by new path
 */
export function renames(
  bases: ReadonlyMap<string, BaseEntry>,
  disk: ReadonlyMap<string, DiskEntry>,
  renders: ReadonlyMap<string, New>,
  declared: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const gone = [...bases.values()].filter((base) => isMoved(base, disk) && !renders.has(base.path));
  const found = new Map<string, string>();
  if (gone.length === 0) return found;
  const fresh = [...renders.values()].filter(
    ({ path, class: ownership }) => ownership === 'managed' && !bases.has(path) && !disk.has(path),
  );
  for (const { path } of gone) {
    const to = declared.get(path);
    if (to !== undefined && fresh.some((theirs) => theirs.path === to)) found.set(to, path);
  }
  const pairs = gone.flatMap((base) =>
    fresh.map((theirs) => ({ from: base.path, to: theirs.path, share: shareOf(base.body ?? '', theirs.body) })),
  );
  for (const { from, to, share } of pairs.sort((a, b) => b.share - a.share || (a.to < b.to ? -1 : 1))) {
    if (share < likeness || found.has(to) || [...found.values()].includes(from)) continue;
    found.set(to, from);
  }
  return found;
}

function isMoved(base: BaseEntry, disk: ReadonlyMap<string, DiskEntry>): boolean {
  const ours = disk.get(base.at ?? base.path);
  return base.class === 'managed' && base.body !== undefined && !base.frozen && ours?.text !== undefined;
}

function shareOf(a: string, b: string): number {
  if (a === b) return 1;
  const [lines, others] = [a.split('\n').filter(Boolean), b.split('\n').filter(Boolean)];
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  let shared = 0;
  for (const line of others) {
    const left = counts.get(line) ?? 0;
    if (left > 0) shared++;
    counts.set(line, left - 1);
  }
  return shared / Math.max(lines.length, others.length, 1);
}
