import { UserError } from '../errors.js';
import { formatLock } from '../lock/format-lock.js';
import { basePath, lockPath } from '../lock/lock.js';
import { isServicePath } from '../lock/service-path.js';
import type { Plan } from '../plan/operation.js';
import type { System } from '../system/system.js';
import { type Change, changesOf, replacing } from './change.js';
import { changeInPlace } from './change-in-place.js';
import { createBeside } from './create-beside.js';
import { attemptAll } from './failure.js';
import { basesOf, type Expected, type LockFacts, lockOf } from './lock-of.js';
import type { Receipt } from './receipt.js';
import { refuseConflicts } from './refuse-conflicts.js';
import { type Site, siteOf } from './site.js';
import { survey, surveyFolder } from './survey.js';
import { undoFileFor, undoingChanges } from './undo-file.js';

/**
 * Carries out a plan: all of it or nothing, whatever fails. Only what differs is written. A process that is killed
 * leaves a folder from which `recover`, the first act of every command, brings back the old tree or finishes the new one.
 *
 * @param facts what the lock remembers beside the files
 * @param directory the service's directory as typed; it and its parents need not exist
 * @throws UserError with code 3 that names the path and the cause, with the old tree in place
 */
export function apply(plan: Plan, facts: LockFacts, directory: string, system: System): Receipt {
  refuseConflicts(plan, facts.conflicts);
  refuseForeignPaths(plan);
  return attemptAll(() => carryOut(plan, facts, directory, system));
}

function carryOut(plan: Plan, facts: LockFacts, directory: string, system: System): Receipt {
  const site = siteOf(directory, system);
  const changes = changesOf(plan);
  const all = [...changes, ...bookkeeping(plan, facts, site, system)];
  const record = facts.undoable && all.length > 0 ? undoFileFor(all, site.target, system) : [];
  return receiptOf(changes, write([...all, ...record], site, system, facts.madeFrom), site);
}

/**
 * Takes the last apply back, in the same way as it was made. Doing it twice brings it again.
 *
 * @throws UserError with code 3 when there is none, or what it wrote was changed since
 */
export function undo(directory: string, system: System): Receipt {
  return attemptAll(() => {
    const site = siteOf(directory, system);
    const changes = undoingChanges(site.target, system);
    const kept = write([...changes, ...undoFileFor(changes, site.target, system)], site, system);
    return receiptOf(
      changes.filter(({ path }) => !path.startsWith('.create-service/')),
      kept,
      site,
    );
  });
}

/** Carries changes out that no plan made, in the same way, so that `undo` takes them back. */
export function carryOutChanges(changes: readonly Change[], directory: string, system: System): Receipt {
  return attemptAll(() => {
    const site = siteOf(directory, system);
    const record = undoFileFor(changes, site.target, system);
    return receiptOf(changes, write([...changes, ...record], site, system), site);
  });
}

function receiptOf(changes: readonly Change[], kept: readonly string[], { target }: Site): Receipt {
  return {
    directory: target,
    created: pathsOf(changes.filter(({ before }) => !before)),
    updated: pathsOf(changes.filter(({ before, after }) => before && after)),
    removed: pathsOf(changes.filter(({ after }) => !after)),
    kept,
  };
}

function refuseForeignPaths({ operations }: Plan): void {
  const foreign = operations.find(({ path }) => !isServicePath(path));
  if (foreign) throw new UserError(`${foreign.path} is no path of a service`, { exitCode: 3 });
}

function bookkeeping(plan: Plan, facts: LockFacts, { target }: Site, system: System): readonly Change[] {
  const lock = new Map([[lockPath, formatLock(lockOf(plan, facts))]]);
  return [
    ...replacing(lock, survey(target, [lockPath], system)),
    ...replacing(basesOf(plan), surveyFolder(target, basePath, system)),
  ];
}

function write(
  changes: readonly Change[],
  site: Site,
  system: System,
  madeFrom: readonly Expected[] = [],
): readonly string[] {
  if (changes.length === 0) return [];
  if (site.missing.length === 0) return changeInPlace(changes, madeFrom, site, system);
  createBeside(changes, site, system);
  return [];
}

function pathsOf(changes: readonly Change[]): readonly string[] {
  return changes.map(({ path }) => path);
}
