import { join } from 'node:path';
import { lockPath } from '../lock/lock.js';
import type { System } from '../system/system.js';

/** Folders that hold nothing of a service's own. */
const skipped = new Set(['.git', '.create-service', '.create-service-transaction', 'node_modules', 'vendor', '.cache']);

/** Returns every file of a service, relative and with forward slashes. Neither links are followed nor what is a checkout or a service of its own. */
export function walk(directory: string, system: System, folder = ''): readonly string[] {
  const names = system.files.list(join(directory, folder)) ?? [];
  return names.flatMap((name) => {
    if (skipped.has(name)) return [];
    const path = folder === '' ? name : `${folder}/${name}`;
    const kind = system.files.status(join(directory, path))?.kind;
    if (kind === 'directory') return isItsOwn(join(directory, path), system) ? [] : walk(directory, system, path);
    return kind === 'file' ? [path] : [];
  });
}

function isItsOwn(folder: string, system: System): boolean {
  return ['.git', lockPath].some((name) => system.files.status(join(folder, name)) !== undefined);
}
