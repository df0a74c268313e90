import { join, posix } from 'node:path';
import { UserError } from '../errors.js';
import type { System } from '../system/system.js';
import { release } from './claim.js';
import { attempt } from './failure.js';
import { goBack, goForward, type Transaction } from './forward-or-back.js';
import { formatJournal } from './journal.js';
import { removeTree } from './remove-tree.js';

/** Name of the journal in the folder while it says forward: its appearing is the point of no return for a kill. */
export const forwardName = 'commit';

/** Name of the journal while it says back. */
export const backName = 'rollback';

/** Writes the journal. From its last step on, whoever finds the folder finishes the transaction. */
export function writeJournal({ folder, journal, system }: Transaction): void {
  const [draft, final] = [join(folder, 'journal'), join(folder, forwardName)];
  attempt(final, () => {
    system.files.create(draft, formatJournal(journal), 0o644);
    system.files.sync(draft);
    system.files.rename(draft, final);
    system.files.sync(folder);
  });
}

/**
 * Finishes a transaction whose journal is written, or, when the file system refuses, undoes it and throws what it said.
 *
 * @returns paths beside which somebody's file was kept
 */
export function complete(transaction: Transaction): readonly string[] {
  const kept = forwardOrBack(transaction);
  quietly(() => clear(transaction.folder, transaction.system));
  return kept;
}

function forwardOrBack(transaction: Transaction): readonly string[] {
  try {
    return finish(transaction, forwardName, goForward);
  } catch (error) {
    turnBack(transaction, error);
    throw error;
  }
}

/** Undoes a transaction whose journal says back. Returns what `complete` does. */
export function undo(transaction: Transaction): readonly string[] {
  const kept = finish(transaction, backName, goBack);
  quietly(() => clear(transaction.folder, transaction.system));
  return kept;
}

/** Turns the journal of a transaction round, so that from now on everybody undoes it. */
export function turnRound({ folder, system }: Transaction): void {
  attempt(folder, () => system.files.rename(join(folder, forwardName), join(folder, backName)));
}

/** Deletes a folder whose journal is gone or was never written, and gives up the claim. */
export function clear(folder: string, system: System): void {
  for (const name of system.files.list(folder) ?? []) {
    if (name !== 'claim' && name !== 'next') removeTree(join(folder, name), system);
  }
  release(folder, system);
}

/** Does what may fail without harm, because the next command does it again. */
export function quietly(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

function finish(
  transaction: Transaction,
  journal: string,
  go: (transaction: Transaction) => readonly string[],
): readonly string[] {
  const kept = go(transaction);
  syncParents(transaction);
  const file = join(transaction.folder, journal);
  attempt(file, () => transaction.system.files.remove(file));
  return kept;
}

// The names must be on the disk before the journal that would give them again is gone.
function syncParents({ target, journal, system }: Transaction): void {
  if (!isDurable(journal.entries)) return;
  const parents = new Set(journal.entries.map(({ path }) => join(target, posix.dirname(path))));
  for (const parent of parents) {
    if (system.files.status(parent)) attempt(parent, () => system.files.sync(parent));
  }
}

/**
 * Tells whether a transaction waits for the disk: when it replaces or removes something. One that only creates has
 * nothing to lose in a power cut, and waiting would cost it ten times its own time (measured: 120 files, 6 ms without and
 * 100 to 280 ms with one fsync each, 12 to 25 ms of it CPU).
 */
export function isDurable(entries: readonly { readonly before?: unknown }[]): boolean {
  return entries.some(({ before }) => before !== undefined && before !== null);
}

function turnBack(transaction: Transaction, cause: unknown): void {
  try {
    turnRound(transaction);
    undo(transaction);
  } catch (error) {
    if (!(error instanceof UserError && cause instanceof UserError)) throw error;
    throw new UserError(`${cause.message}; then the old state could not be brought back: ${error.message}`, {
      exitCode: 3,
      hint: 'end the cause and run create-service there again, which brings it back',
    });
  }
}
