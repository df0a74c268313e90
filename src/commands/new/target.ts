import { join, resolve } from 'node:path';
import { UserError } from '../../errors.js';
import type { System } from '../../system/system.js';
import { recoverAloud } from '../../update/open-service.js';
import type { NewFlags } from './new-flags.js';

/** What may lie in a directory that still counts as empty: a repository that was just made or cloned. */
const harmless = ['.git', '.DS_Store'];

/**
 * Makes sure that a service can be written into a directory: finishes or undoes what an interrupted run left there, then
 * refuses a directory that is not empty, unless `--force` was given or that run is what filled it.
 */
export function openTarget(directory: string, { force, manifest }: NewFlags, system: System): void {
  const { outcome } = recoverAloud(directory, system);
  if (force || outcome === 'completed') return;
  assertEmpty(directory, manifest === undefined ? undefined : resolve(system.cwd, manifest), system);
}

/** The manifest of the service, an absolute path, may lie in the directory already. */
function assertEmpty(directory: string, manifest: string | undefined, system: System): void {
  const found = (system.files.list(directory) ?? []).filter(
    (name) => !harmless.includes(name) && join(directory, name) !== manifest,
  );
  if (found.length === 0) return;
  const shown = found.slice(0, 3).join(', ') + (found.length > 3 ? ` and ${found.length - 3} more` : '');
  throw new UserError(`${directory} is not empty: ${shown}`, {
    exitCode: 3,
    hint: 'choose another directory, or give --force to write beside what is there; it replaces no file',
  });
}
