import { join } from 'node:path';
import { digest } from '../lock/digest.js';
import type { System } from '../system/system.js';
import { attempt, attemptUnless } from './failure.js';
import { ParentDirectories } from './inspect.js';
import type { EmptiedDirectory, Journal, JournalEntry } from './journal.js';

/*
 * Going forward moves the old content of an entry to `saved/n`, then `staged/n` to its place; going back does the
 * reverse. Every step is one rename, and which of the two files exist says how far an entry came, so both directions can
 * be cut off and started again anywhere. Nothing is deleted before the direction is finished.
 */

/** A transaction whose journal is written. */
export interface Transaction {
  /** The directory that it changes, absolute, without symbolic links. */
  readonly target: string;
  readonly folder: string;
  readonly journal: Journal;
  readonly system: System;
}

interface Places {
  readonly place: string;
  readonly staged: string;
  readonly saved: string;
}

/**
 * Makes the directory what the journal says.
 *
 * @returns paths beside which somebody's file was kept, because it appeared after the journal was written
 */
export function goForward(transaction: Transaction): readonly string[] {
  const { target, journal, system } = transaction;
  assertParents(transaction);
  for (const directory of journal.made) {
    const place = join(target, directory);
    attemptUnless(['EEXIST'], place, () => system.files.makeDirectory(place));
  }
  const kept = eachEntry(transaction, moveForward);
  for (const { path } of journal.emptied) {
    const place = join(target, path);
    attemptUnless(['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'], place, () => system.files.removeDirectory(place));
  }
  return [
    ...kept,
    ...keepForeign(
      transaction,
      ({ saved }) => saved,
      ({ before }) => before,
    ),
  ];
}

/** Makes the directory what it was before the journal. Returns what `goForward` does. */
export function goBack(transaction: Transaction): readonly string[] {
  const { target, journal, system } = transaction;
  assertParents(transaction);
  for (const directory of [...journal.emptied].reverse()) makeAgain(directory, target, system);
  const kept = eachEntry(transaction, moveBack);
  const foreign = keepForeign(
    transaction,
    ({ staged }) => staged,
    ({ after }) => after,
  );
  for (const directory of [...journal.made].reverse()) {
    const place = join(target, directory);
    attemptUnless(['ENOTEMPTY', 'EEXIST', 'ENOENT'], place, () => system.files.removeDirectory(place));
  }
  return [...kept, ...foreign];
}

function makeAgain({ path, mode }: EmptiedDirectory, target: string, { files }: System): void {
  const place = join(target, path);
  if (!files.status(place)) attempt(place, () => files.makeDirectory(place));
  if (files.status(place)?.mode !== mode) attempt(place, () => files.changeMode(place, mode));
}

// Throws when a parent became a link that leads out since the journal was written.
function assertParents({ target, journal, system }: Transaction): void {
  const parents = new ParentDirectories(target, system);
  for (const { path } of journal.entries) parents.missing(path);
}

function eachEntry(
  transaction: Transaction,
  move: (entry: JournalEntry, places: Places, system: System) => readonly string[],
): readonly string[] {
  const { journal, system } = transaction;
  return journal.entries.flatMap((entry, index) => move(entry, placesOf(transaction, entry, index), system));
}

function placesOf({ target, folder }: Transaction, { path }: JournalEntry, index: number): Places {
  return {
    place: join(target, path),
    staged: join(folder, 'staged', String(index)),
    saved: join(folder, 'saved', String(index)),
  };
}

function moveForward({ after }: JournalEntry, { place, staged, saved }: Places, system: System): readonly string[] {
  const { files } = system;
  const isDone = after === null ? files.status(saved) : !files.status(staged);
  if (isDone) return [];
  const kept: string[] = [];
  if (files.status(place)) {
    if (files.status(saved)) kept.push(keep(place, place, system));
    else attempt(place, () => files.rename(place, saved));
  }
  if (after !== null) attempt(place, () => files.rename(staged, place));
  return kept;
}

function moveBack({ after }: JournalEntry, { place, staged, saved }: Places, system: System): readonly string[] {
  const { files } = system;
  if (after !== null && !files.status(staged) && files.status(place)) {
    attempt(place, () => files.rename(place, staged));
  }
  if (!files.status(saved)) return [];
  const kept = files.status(place) ? [keep(place, place, system)] : [];
  attempt(place, () => files.rename(saved, place));
  return kept;
}

/**
 * Puts aside what is about to be deleted with the folder but is not what the journal says: somebody wrote the path after
 * the process was killed. An edit is never lost.
 */
function keepForeign(
  transaction: Transaction,
  side: (places: Places) => string,
  expected: (entry: JournalEntry) => string | null,
): readonly string[] {
  return eachEntry(transaction, (entry, places, system) => {
    const file = side(places);
    const kind = system.files.status(file)?.kind;
    if (kind === undefined) return [];
    const bytes = kind === 'file' ? attempt(places.place, () => system.files.read(file)) : undefined;
    return bytes && digest(bytes) === expected(entry) ? [] : [keep(file, places.place, system)];
  });
}

function keep(file: string, place: string, system: System): string {
  let aside = `${place}.kept`;
  for (let number = 2; system.files.status(aside); number++) aside = `${place}.kept-${number}`;
  attempt(aside, () => system.files.rename(file, aside));
  return aside;
}
