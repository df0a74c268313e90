import { digest } from '../lock/digest.js';
import type { Operation, Plan } from '../plan/operation.js';
import { mergeText } from './merge-text.js';

const labels = { ours: 'yours', base: 'last render', theirs: 'this render' };

/**
 * Merges what both sides changed: every operation with the verdict `merge` gets its text, and becomes a `conflict` when
 * the text holds markers. The other operations stay as they are.
 */
export function merge({ operations }: Plan): Plan {
  return {
    operations: operations.map((operation) => (operation.verdict === 'merge' ? mergeOne(operation) : operation)),
  };
}

function mergeOne(operation: Operation): Operation {
  const { sides, record, before, ...rest } = operation;
  if (!sides || !record || !before) throw new Error(`${operation.path} has nothing to merge`);
  const { text, conflicts } = mergeText(sides.base, sides.ours, sides.theirs, labels);
  const merged = { ...rest, before, record, after: { body: text, mode: record.mode } };
  if (conflicts > 0) return { ...merged, verdict: 'conflict', reason: places(conflicts) };
  return digest(text) === before.sha256 && isSameMode(before.mode, record.mode) ? kept(merged) : merged;
}

function places(count: number): string {
  return `both sides changed the same lines, in ${count === 1 ? 'one place' : `${count} places`}`;
}

/** The merge gave what is there: the person had made the same change. */
function kept({ after: _, ...rest }: Operation): Operation {
  return { ...rest, verdict: 'kept-edited' };
}

function isSameMode(found: number, wanted: number): boolean {
  return (found & 0o100) === (wanted & 0o100);
}
