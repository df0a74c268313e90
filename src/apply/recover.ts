import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.js';
import { digest } from '../lock/digest.js';
import type { System } from '../system/system.js';
import { sweep, takeOver } from './claim.js';
import { attemptAll } from './failure.js';
import type { Transaction } from './forward-or-back.js';
import { type Journal, parseJournal } from './journal.js';
import { siteOf, transactionFolder } from './site.js';
import { backName, clear, complete, forwardName, turnRound, undo } from './transaction.js';

/** What had to be done about a run that was cut off. */
export interface Recovery {
  /** `none`: nothing was open. `completed`: the new tree is there now. `rolled-back`: the old one is. */
  readonly outcome: 'none' | 'completed' | 'rolled-back';
  /** Absolute paths where files were put aside that somebody wrote since the run was cut off. */
  readonly kept: readonly string[];
}

/**
 * Finishes or undoes what a killed run left in or around a directory. Every command calls it before it looks there.
 *
 * @param directory the service's directory as typed; it need not exist
 * @throws UserError with code 3 when another run is at work there, or the file system refuses
 */
export function recover(directory: string, system: System): Recovery {
  return attemptAll(() => recoverAround(directory, system));
}

function recoverAround(directory: string, system: System): Recovery {
  const { anchor, target, missing } = siteOf(directory, system);
  const recoveries =
    missing.length > 0
      ? [recoverMaking(transactionFolder(anchor, missing[0]), system)]
      : [recoverChange(target, system), ...recoverMade(target, system)];
  const happened = recoveries.filter(({ outcome }) => outcome !== 'none');
  return { outcome: happened[0]?.outcome ?? 'none', kept: happened.flatMap(({ kept }) => kept) };
}

/** A run that made the directory, or one above it, may have been killed after the tree appeared, with its folder beside. */
function recoverMade(directory: string, system: System): readonly Recovery[] {
  const parent = dirname(directory);
  if (parent === directory) return [];
  const folder = transactionFolder(parent, basename(directory));
  const here = system.files.status(folder) ? [recoverMaking(folder, system)] : [];
  return [...here, ...recoverMade(parent, system)];
}

// The making of a directory has no journal. One found there, in `/tmp` perhaps, would be somebody else's.
function recoverMaking(folder: string, system: System): Recovery {
  sweep(folder, system);
  return takeOver(folder, system) ? withoutJournal(folder, system) : { outcome: 'none', kept: [] };
}

function recoverChange(target: string, system: System): Recovery {
  const folder = transactionFolder(target);
  sweep(folder, system);
  if (!takeOver(folder, system)) return { outcome: 'none', kept: [] };
  const back = readJournal(folder, backName, system);
  if (back) return { outcome: 'rolled-back', kept: undo({ folder, target, system, journal: back }) };
  const forward = readJournal(folder, forwardName, system);
  return forward ? settle({ folder, target, system, journal: forward }) : withoutJournal(folder, system);
}

function withoutJournal(folder: string, system: System): Recovery {
  const isStaged = (system.files.list(join(folder, 'staged')) ?? []).length > 0;
  clear(folder, system);
  return { outcome: isStaged ? 'rolled-back' : 'none', kept: [] };
}

function settle(transaction: Transaction): Recovery {
  if (isIntact(transaction)) return { outcome: 'completed', kept: complete(transaction) };
  turnRound(transaction);
  return { outcome: 'rolled-back', kept: undo(transaction) };
}

function readJournal(folder: string, name: string, system: System): Journal | undefined {
  const bytes = system.files.read(join(folder, name));
  if (!bytes) return undefined;
  const journal = parseJournal(Buffer.from(bytes).toString('utf8'));
  if (journal) return journal;
  throw new UserError(`${join(folder, name)} is damaged`, {
    exitCode: 3,
    hint: `compare the directory with version control, then remove ${folder}`,
  });
}

// After a power cut a staged file may be there without its content: only transactions that replace something wait for it.
function isIntact({ folder, journal, system }: Transaction): boolean {
  return journal.entries.every(({ after }, index) => {
    const bytes = system.files.read(join(folder, 'staged', String(index)));
    return bytes === undefined || digest(bytes) === after;
  });
}
