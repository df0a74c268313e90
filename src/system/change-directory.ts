import { resolve } from 'node:path';
import { UserError } from '../errors.js';
import type { System } from './system.js';

/** Returns the system as seen from another directory, which must exist. */
export function changeDirectory(system: System, directory: string): System {
  const cwd = resolve(system.cwd, directory);
  if (system.files.list(cwd) === undefined) throw new UserError(`--cwd: there is no directory ${directory}`);
  return { ...system, cwd };
}
