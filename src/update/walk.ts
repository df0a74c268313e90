import { join } from 'node:path';
import type { System } from '../system/system.js';

/** Folders that hold nothing of a service's own. */
const skipped = new Set(['.git', '.create-service', '.create-service-transaction', 'node_modules', 'vendor', '.cache']);

/** Returns every file below a directory, relative and with forward slashes. Links are not followed. */
export function walk(directory: string, system: System, folder = ''): readonly string[] {
  const names = system.files.list(join(directory, folder)) ?? [];
  return names.flatMap((name) => {
    if (skipped.has(name)) return [];
    const path = folder === '' ? name : `${folder}/${name}`;
    const kind = system.files.status(join(directory, path))?.kind;
    if (kind === 'directory') return walk(directory, system, path);
    return kind === 'file' ? [path] : [];
  });
}
