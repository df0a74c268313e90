import { join } from 'node:path';
import { textIn } from '../apply/file-text.js';
import { UserError } from '../errors.js';
import { clashes, familyOf, refuseClashes } from '../lock/clashes.js';
import { digest } from '../lock/digest.js';
import type { StableNumber } from '../lock/lock.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import { type KnownNumbers, migrationPrefix, numberNames } from '../resolve/numbers.js';
import type { System } from '../system/system.js';
import type { Compared } from './last-render.js';
import type { Service } from './open-service.js';
import { isMigration } from './published.js';

/** A name that gets another number. */
export interface Renumbered {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the next free number for each of the names.
 *
 * @param known the service's numbers, with what is on the disk
 * @throws UserError for a name that does not clash with another, or when others still clash afterwards
 */
export function renumbered(names: readonly string[], known: KnownNumbers): readonly Renumbered[] {
  const clashing = clashes(known.numbers).filter(([a, b]) => a.name !== b.name);
  const allowed = [...new Set(clashing.flatMap((clash) => clash.map(({ name }) => name)))];
  const unknown = names.find((name) => !allowed.includes(name));
  if (unknown !== undefined) {
    throw new UserError(`the number of ${unknown} does not clash with another`, {
      hint: allowed.length === 0 ? 'no numbers clash: leave --renumber out' : `--renumber takes: ${allowed.join(', ')}`,
    });
  }
  let numbers = known.numbers;
  const moves = [...new Set(names)].map((name): Renumbered => {
    const from = numbers.find((one) => one.name === name)?.number ?? 0;
    const to = nextIn(familyOf(name), { ...known, numbers });
    numbers = withNumber(numbers, name, to);
    return { name, from, to };
  });
  refuseClashes(numbers);
  return moves;
}

function nextIn(family: string, { numbers, lastMigration, lastDocuments = 0 }: KnownNumbers): number {
  const onDisk = family === 'migrations/' ? lastMigration : family === 'documents/' ? lastDocuments : 0;
  return 1 + Math.max(onDisk, ...numbers.filter(({ name }) => familyOf(name) === family).map(({ number }) => number));
}

/** Returns the numbers with another one for a name. */
export function withNumber(numbers: readonly StableNumber[], name: string, number: number): readonly StableNumber[] {
  return numbers.map((one) => (one.name === name ? { name, number } : one));
}

/**
 * Moves the migrations of the names to their new numbers, each as it is on the disk.
 *
 * @param today the templates with the numbers of before
 * @param next the same with the new numbers
 */
export function withMovedMigrations(
  { base, theirs, changed }: Compared,
  moves: readonly Renumbered[],
  today: FileTree,
  next: FileTree,
  { directory }: Service,
  system: System,
): Compared {
  const paths = new Map(moves.flatMap((move) => movedPaths(move, today, next)));
  const entries = base.flatMap(({ path, class: ownership, owner, mode, at = path }) => {
    const to = paths.get(path);
    const bytes = to === undefined ? undefined : system.files.read(join(directory, at));
    if (to === undefined || bytes === undefined) return [];
    const body = textIn(at, bytes);
    return [{ from: path, entry: { path: to, body, class: ownership, owner, mode } satisfies FileEntry }];
  });
  const moved = new Map(entries.map(({ from, entry }) => [from, entry]));
  const isMoved = (path: string) => paths.has(path) || [...paths.values()].includes(path);
  return {
    changed: new Set([...changed, ...paths.keys(), ...paths.values()]),
    base: base.map((one) => {
      const entry = moved.get(one.path);
      if (!entry) return one;
      const { class: ownership, owner, mode } = one;
      return { path: one.path, class: ownership, owner, mode, sha256: digest(entry.body) };
    }),
    theirs: [...theirs.filter(({ path }) => !isMoved(path)), ...entries.map(({ entry }) => entry)],
  };
}

/** Returns what a person has to know of a name that got another number. */
export function moveNote({ name, from, to }: Renumbered): string {
  const moved = `${name} has the number ${to} now instead of ${from}`;
  return name.startsWith('proto/')
    ? `${moved}: programs that were built with ${from} read something else there.`
    : `${moved}: a database in which it ran already has to be made anew.`;
}

/** Old and new path, of a migration; a step is named in the lock, the first one of a resource only in the templates. */
function movedPaths({ name, from, to }: Renumbered, today: FileTree, next: FileTree): readonly [string, string][] {
  const [family, file = ''] = [familyOf(name), name.slice(familyOf(name).length)];
  const ending = { 'migrations/': 'sql', 'documents/': 'json' }[family];
  if (ending === undefined) return [];
  const pathOf = (number: number, rest: string) => `migrations/${migrationPrefix(number)}_${rest}`;
  const isFirst = file.includes('/') || name === numberNames.outbox;
  if (!isFirst) return [[pathOf(from, `${file}.${ending}`), pathOf(to, `${file}.${ending}`)]];
  const isThere = (tree: FileTree, path: string) => tree.entries.some((entry) => entry.path === path);
  return today.entries
    .filter(({ path }) => isMigration(path) && path.startsWith(pathOf(from, '')) && !isThere(next, path))
    .map(({ path }) => path.slice(pathOf(from, '').length))
    .filter((rest) => isThere(next, pathOf(to, rest)))
    .map((rest) => [pathOf(from, rest), pathOf(to, rest)]);
}
