import { join } from 'node:path';
import type { FileMode } from '../catalog/catalog.js';
import { digest } from '../lock/digest.js';
import type { System } from '../system/system.js';
import type { Change } from './change.js';
import { claim } from './claim.js';
import { attempt } from './failure.js';
import type { Transaction } from './forward-or-back.js';
import { assertUnchanged, inspect } from './inspect.js';
import type { Expected } from './lock-of.js';
import type { Site } from './site.js';
import { clear, complete, isDurable, quietly, writeJournal } from './transaction.js';

/**
 * Changes a directory that exists: new contents are staged, the journal is written, then all is renamed into place.
 *
 * @param madeFrom files that led to the changes: another run may have written them before this one had its claim
 * @returns absolute paths of files that somebody wrote in between and that were put aside
 */
export function changeInPlace(
  changes: readonly Change[],
  madeFrom: readonly Expected[],
  site: Site,
  system: System,
): readonly string[] {
  claim(site.transaction, system);
  return complete(prepare(changes, madeFrom, site, system));
}

function prepare(
  changes: readonly Change[],
  madeFrom: readonly Expected[],
  { target, transaction: folder }: Site,
  system: System,
): Transaction {
  try {
    assertUnchanged(madeFrom, target, system);
    const journal = { ...inspect(changes, target, system), entries: changes.map(entryOf) };
    stage(changes, target, folder, system);
    writeJournal({ target, folder, journal, system });
    return { target, folder, journal, system };
  } catch (error) {
    quietly(() => clear(folder, system));
    throw error;
  }
}

function entryOf({ path, before, after }: Change): { path: string; before: string | null; after: string | null } {
  return { path, before: before?.sha256 ?? null, after: after ? digest(after.body) : null };
}

function stage(changes: readonly Change[], target: string, folder: string, system: System): void {
  const isWaiting = isDurable(changes);
  for (const name of ['staged', 'saved']) attempt(target, () => system.files.makeDirectory(join(folder, name)));
  for (const [index, change] of changes.entries()) {
    const staged = join(folder, 'staged', String(index));
    attempt(join(target, change.path), () => stageOne(change, staged, isWaiting, system));
  }
  if (isWaiting) attempt(target, () => system.files.sync(join(folder, 'staged')));
}

function stageOne({ before, after }: Change, staged: string, isWaiting: boolean, { files }: System): void {
  if (!after) return;
  files.create(staged, after.body, after.mode);
  if (before) files.changeMode(staged, executableAs(before.mode, after.mode));
  if (isWaiting) files.sync(staged);
}

/** A file that is replaced keeps its permissions, but for being executable by whoever may read it. */
function executableAs(old: number, wanted: FileMode): number {
  return wanted === 0o755 ? old | ((old & 0o444) >> 2) : old & ~0o111;
}
