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
import { basesOf, type LockFacts, lockOf } from './lock-of.js';
import type { Receipt } from './receipt.js';
import { refuseConflicts } from './refuse-conflicts.js';
import { type Site, siteOf } from './site.js';
import { survey, surveyFolder } from './survey.js';

/**
 * Carries out a plan: all of it or nothing, whatever fails. Only what differs is written. A process that is killed
 * leaves a folder from which `recover`, the first act of every command, brings back the old tree or finishes the new one.
 *
 * @param facts what the lock remembers beside the files
 * @param directory the service's directory as typed; it and its parents need not exist
 * @throws UserError with code 3 that names the path and the cause, with the old tree in place
 */
export function apply(plan: Plan, facts: LockFacts, directory: string, system: System): Receipt {
  refuseConflicts(plan);
  refuseForeignPaths(plan);
  return attemptAll(() => carryOut(plan, facts, directory, system));
}

function carryOut(plan: Plan, facts: LockFacts, directory: string, system: System): Receipt {
  const site = siteOf(directory, system);
  const changes = changesOf(plan);
  const kept = write([...changes, ...bookkeeping(plan, facts, site, system)], site, system);
  return {
    directory: site.target,
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

function write(changes: readonly Change[], site: Site, system: System): readonly string[] {
  if (changes.length === 0) return [];
  if (site.missing.length === 0) return changeInPlace(changes, site, system);
  createBeside(changes, site, system);
  return [];
}

function pathsOf(changes: readonly Change[]): readonly string[] {
  return changes.map(({ path }) => path);
}
