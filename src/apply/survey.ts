import { join, resolve } from 'node:path';
import { digest } from '../lock/digest.js';
import type { Disk, DiskEntry } from '../plan/operation.js';
import type { System } from '../system/system.js';
import { attemptAll } from './failure.js';
import { textOf } from './file-text.js';

/** Reads what stands at some paths of a directory, relative and with forward slashes. The directory may be absent. */
export function survey(directory: string, paths: Iterable<string>, system: System): Disk {
  const root = resolve(system.cwd, directory);
  if (!attemptAll(() => system.files.status(root))) return { entries: [] };
  return { entries: attemptAll(() => [...paths].sort().flatMap((path) => look(root, path, system) ?? [])) };
}

/** Reads all that stands in a folder of a directory; the paths are relative to the directory. */
export function surveyFolder(directory: string, folder: string, system: System): Disk {
  return survey(directory, filesBelow(resolve(system.cwd, directory), folder, system), system);
}

function filesBelow(directory: string, folder: string, system: System): readonly string[] {
  if (system.files.status(join(directory, folder))?.kind !== 'directory') return [];
  const names = system.files.list(join(directory, folder)) ?? [];
  return names.flatMap((name) => {
    const path = `${folder}/${name}`;
    const isFolder = system.files.status(join(directory, path))?.kind === 'directory';
    return isFolder ? filesBelow(directory, path, system) : [path];
  });
}

function look(directory: string, path: string, system: System): DiskEntry | undefined {
  const place = join(directory, path);
  const status = system.files.status(place);
  if (!status) return undefined;
  if (status.kind !== 'file') return { path, ...status };
  const bytes = system.files.read(place);
  if (!bytes) return undefined;
  const text = textOf(bytes);
  return { path, ...status, sha256: digest(bytes), ...(text !== undefined && { text }) };
}
