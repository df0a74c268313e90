import type { FileMode } from '../catalog/catalog.js';
import type { Disk, Plan } from '../plan/operation.js';

/** What apply does to one path. */
export interface Change {
  /** Relative path with forward slashes. */
  readonly path: string;
  /** What stands there now; absent: nothing. */
  readonly before?: { readonly sha256: string; readonly mode: number };
  /** What shall stand there; absent: nothing. */
  readonly after?: { readonly body: string | Uint8Array; readonly mode: FileMode };
}

/** Returns what a plan writes and removes. What is there already is no change. */
export function changesOf(plan: Plan): readonly Change[] {
  return plan.operations.flatMap(({ path, from, verdict, before, after }): Change[] => {
    if (after && from !== undefined && before) {
      return [
        { path: from, before },
        { path, after },
      ];
    }
    if (after) return [{ path, after, ...(before && { before }) }];
    return verdict === 'removed' && before ? [{ path, before }] : [];
  });
}

/**
 * Returns the changes that make a folder hold exactly the wanted files.
 *
 * @param wanted body by path
 * @param found what is in the folder now, and at the wanted paths
 */
export function replacing(wanted: ReadonlyMap<string, string>, found: Disk): readonly Change[] {
  const there = new Map(found.entries.map((entry) => [entry.path, entry]));
  const paths = [...new Set([...wanted.keys(), ...there.keys()])].sort();
  return paths.flatMap((path) => {
    const body = wanted.get(path);
    const old = there.get(path);
    if (old?.text === body) return [];
    const before = old?.sha256 === undefined ? undefined : { sha256: old.sha256, mode: old.mode };
    return [{ path, ...(before && { before }), ...(body !== undefined && { after: { body, mode: 0o644 as const } }) }];
  });
}
