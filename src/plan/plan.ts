import { digest } from '../lock/digest.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import { decide } from './decide.js';
import type { Base, BaseEntry, Disk, Plan } from './operation.js';

/**
 * Decides what happens to each path that the last render or this one names. A new service is the update of an empty one.
 *
 * @param base the last render; empty for a new service
 * @param ours the disk at those paths
 * @param theirs this render
 * @returns one operation for each path, sorted; every edit of a person stays or is merged, or is a conflict
 */
export function plan(base: Base, ours: Disk, theirs: FileTree): Plan {
  const bases = byPath(base.entries);
  const disk = byPath(ours.entries);
  const renders = byPath(theirs.entries.map(rendered));
  const paths = [...new Set([...bases.keys(), ...renders.keys()])].sort();
  return {
    operations: paths.map((path) => ({
      path,
      ...decide({ base: bases.get(path), ours: disk.get(path), theirs: renders.get(path) }),
    })),
  };
}

function byPath<T extends { readonly path: string }>(entries: readonly T[]): ReadonlyMap<string, T> {
  return new Map(entries.map((entry) => [entry.path, entry]));
}

function rendered(entry: FileEntry): BaseEntry & { readonly body: string } {
  return { ...entry, sha256: digest(entry.body) };
}
