import { basePath, type Lock, type StableNumber } from '../lock/lock.js';
import type { Plan } from '../plan/operation.js';

/** A file as it was read. */
export interface Expected {
  readonly path: string;
  readonly sha256: string;
}

/** What the lock remembers beside the files. */
export interface LockFacts {
  /** Version of this tool. */
  readonly tool: string;
  /** Text of the manifest that was rendered. */
  readonly manifest: string;
  readonly numbers: readonly StableNumber[];
  /** Paths with a conflict that is open from now on; the others of the plan must be shown in their files. */
  readonly conflicts?: readonly string[];
  /** Whether `undo` can take the run back. */
  readonly undoable?: boolean;
  /** Files that the plan was made from. Apply refuses when one of them changed since, also where the plan does not write it. */
  readonly madeFrom?: readonly Expected[];
}

/** Returns the lock as it stands after a plan was carried out. */
export function lockOf({ operations }: Plan, facts: LockFacts): Lock {
  const files = operations.flatMap(({ path, renderedAt, record }) => {
    if (!record) return [];
    const { class: ownership, owner, mode, sha256 } = record;
    const file = { path: renderedAt ?? path, class: ownership, owner, mode, sha256 };
    return [renderedAt === undefined ? file : { ...file, at: path }];
  });
  const { tool, manifest, numbers, conflicts = [] } = facts;
  return { tool, manifest, numbers, files, ...(conflicts.length > 0 && { conflicts }) };
}

/** Returns the merge bases that belong to that lock: text by path in the service. */
export function basesOf({ operations }: Plan): ReadonlyMap<string, string> {
  return new Map(
    operations.flatMap(({ path, renderedAt = path, record }) =>
      record?.body === undefined ? [] : [[`${basePath}/${renderedAt}`, record.body]],
    ),
  );
}
