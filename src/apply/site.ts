import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.js';
import type { System } from '../system/system.js';
import { attempt } from './failure.js';

/** Where an apply happens. */
export interface Site {
  /** The service's directory, absolute, without symbolic links. It may not exist yet. */
  readonly target: string;
  /** The target or, when it does not exist, the nearest directory above that does. */
  readonly anchor: string;
  /** The names from anchor to target: what has to be made. */
  readonly missing: readonly string[];
  /** The folder of the transaction: in the anchor, so that renames stay on one device. It exists only while one runs. */
  readonly transaction: string;
}

const suffix = '.create-service-transaction';

/**
 * Finds the site of a directory as a person typed it.
 *
 * @throws UserError with code 3 when something that is no directory is in the way
 */
export function siteOf(directory: string, system: System): Site {
  let anchor = resolve(system.cwd, directory);
  const missing: string[] = [];
  while (system.files.status(anchor) === undefined) {
    missing.unshift(basename(anchor));
    anchor = dirname(anchor);
  }
  anchor = realDirectory(anchor, system);
  return { target: join(anchor, ...missing), anchor, missing, transaction: transactionFolder(anchor, missing[0]) };
}

/** Returns the folder of a transaction in a directory: one that changes it, or one that makes `child` in it. */
export function transactionFolder(directory: string, child?: string): string {
  return join(directory, child === undefined ? suffix : `.${child}${suffix}`);
}

function realDirectory(path: string, system: System): string {
  const real = attempt(path, () => system.files.realPath(path));
  if (system.files.status(real)?.kind === 'directory') return real;
  throw new UserError(`${path} is not a directory`, { exitCode: 3 });
}
