import { join } from 'node:path';
import { lockPath } from '../lock/lock.js';
import type { System } from '../system/system.js';

/** Folders that hold nothing of a service's own. */
const skipped = new Set(['.git', '.create-service', '.create-service-transaction', 'node_modules', 'vendor', '.cache']);

/**
 * Returns every file of a service, relative and with forward slashes. Links are not followed; a checkout or a service in it
 * is left out.
 */
export function walk(directory: string, system: System, folder = ''): readonly string[] {
  const names = system.files.list(join(directory, folder)) ?? [];
  if (folder !== '' && isOther(names, join(directory, folder), system)) return [];
  return names.flatMap((name) => {
    if (skipped.has(name)) return [];
    const path = folder === '' ? name : `${folder}/${name}`;
    const kind = system.files.status(join(directory, path))?.kind;
    if (kind === 'directory') return walk(directory, system, path);
    return kind === 'file' ? [path] : [];
  });
}

function isOther(names: readonly string[], folder: string, system: System): boolean {
  if (names.includes('.git')) return true;
  return names.includes('.create-service') && system.files.status(join(folder, lockPath)) !== undefined;
}
