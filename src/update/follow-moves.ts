import { survey } from '../apply/survey.js';
import type { BaseEntry, Disk } from '../plan/operation.js';
import type { System } from '../system/system.js';
import { walk } from './walk.js';

/** The last render as its files lie on the disk now, and the disk at those places. */
export interface Followed {
  readonly base: readonly BaseEntry[];
  readonly disk: Disk;
}

/**
 * Follows what people moved: a file that is gone from its place, whose last render stands unchanged at exactly one other
 * place, is there from now on.
 *
 * @param paths every path that either render names
 */
export function followMoves(
  base: readonly BaseEntry[],
  paths: ReadonlySet<string>,
  directory: string,
  system: System,
): Followed {
  const places = new Set([...paths, ...base.flatMap(({ at }) => at ?? [])]);
  const disk = survey(directory, places, system);
  const there = new Set(disk.entries.map(({ path }) => path));
  const back = base.map((entry) => (isBack(entry, there) ? withoutPlace(entry) : entry));
  const missing = back.filter((entry) => isMissing(entry, there));
  if (missing.length === 0) return { base: back, disk };
  const strangers = walk(directory, system).filter((path) => !places.has(path));
  const found = survey(directory, strangers, system).entries;
  const moved = new Map(missing.flatMap((entry) => placeOf(entry, missing, found)));
  const moves = new Set(moved.values());
  return {
    base: back.map((entry) => ({ ...entry, ...(moved.has(entry.path) && { at: moved.get(entry.path) }) })),
    disk: { entries: [...disk.entries, ...found.filter(({ path }) => moves.has(path))] },
  };
}

function isBack({ path, at }: BaseEntry, there: ReadonlySet<string>): boolean {
  return at !== undefined && !there.has(at) && there.has(path);
}

function withoutPlace({ at: _, ...entry }: BaseEntry): BaseEntry {
  return entry;
}

function isMissing({ path, at = path, class: ownership }: BaseEntry, there: ReadonlySet<string>): boolean {
  return !there.has(at) && ownership !== 'ejected' && ownership !== 'derived';
}

/** Two files with one text could be either; then nothing is followed. */
function placeOf(
  { path, sha256 }: BaseEntry,
  missing: readonly BaseEntry[],
  found: Disk['entries'],
): readonly (readonly [string, string])[] {
  const alike = found.filter((entry) => entry.sha256 === sha256 && entry.text !== '');
  const [only] = alike;
  const isSingle = alike.length === 1 && missing.filter((entry) => entry.sha256 === sha256).length === 1;
  return only && isSingle ? [[path, only.path]] : [];
}
