import { basePath, type Lock, type StableNumber } from '../lock/lock.js';
import type { Plan } from '../plan/operation.js';

/** What the lock remembers beside the files. */
export interface LockFacts {
  /** Version of this tool. */
  readonly tool: string;
  /** Text of the manifest that was rendered. */
  readonly manifest: string;
  readonly numbers: readonly StableNumber[];
}

/** Returns the lock as it stands after a plan was carried out. */
export function lockOf({ operations }: Plan, facts: LockFacts): Lock {
  const files = operations.flatMap(({ path, record }) => {
    if (!record) return [];
    const { class: ownership, owner, mode, sha256 } = record;
    return [{ path, class: ownership, owner, mode, sha256 }];
  });
  return { ...facts, files };
}

/** Returns the merge bases that belong to that lock: text by path in the service. */
export function basesOf({ operations }: Plan): ReadonlyMap<string, string> {
  return new Map(
    operations.flatMap(({ path, record }) =>
      record?.body === undefined ? [] : [[`${basePath}/${path}`, record.body]],
    ),
  );
}
