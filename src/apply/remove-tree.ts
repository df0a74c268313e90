import { join } from 'node:path';
import type { System } from '../system/system.js';
import { attemptUnless } from './failure.js';

/** Removes a path and all below it; links are removed, not followed. Nothing there is as good as done. */
export function removeTree(path: string, system: System): void {
  const kind = system.files.status(path)?.kind;
  if (kind === undefined) return;
  if (kind !== 'directory') return attemptUnless(['ENOENT'], path, () => system.files.remove(path));
  for (const name of system.files.list(path) ?? []) removeTree(join(path, name), system);
  attemptUnless(['ENOENT'], path, () => system.files.removeDirectory(path));
}
