import type { FileMode } from '../catalog/catalog.js';
import { digest } from '../lock/digest.js';
import type { MergeTexts, Operation, Plan } from '../plan/operation.js';
import { mergeGo } from './merge-go.js';
import { mergeGoMod } from './merge-go-mod.js';
import { type MergedText, mergeText } from './merge-text.js';
import { mergeTwo } from './merge-two.js';

const labels = { ours: 'yours', base: 'last render', theirs: 'this render' };

/**
 * Merges what both sides changed: every operation with the verdict `merge` gets its text, and becomes a `conflict` when
 * the text holds markers; a conflict of two texts gets one with markers. The other operations stay as they are.
 */
export function merge({ operations }: Plan): Plan {
  return { operations: operations.map((operation) => (operation.sides ? mergeOne(operation) : operation)) };
}

function mergeOne({ sides, ...operation }: Operation): Operation {
  const { before, after, record } = operation;
  if (!sides || !before) throw new Error(`${operation.path} has nothing to merge`);
  const mode = after?.mode ?? ((before.mode & 0o100) === 0 ? 0o644 : 0o755);
  if (sides.base === undefined)
    return { ...operation, sides, after: { body: mergeTwo(sides.ours, sides.theirs, labels), mode } };
  const { text, conflicts } = mergeThree(operation, { ...sides, base: sides.base });
  const merged = { ...operation, after: { body: text, mode } };
  if (sides.isUntouched) return conflicts > 0 ? rendered(operation, sides, mode) : remembered(merged, text, before);
  if (conflicts > 0) return { ...merged, verdict: 'conflict', reason: places(conflicts), sides };
  if (operation.from !== undefined) return { ...merged, verdict: 'renamed' };
  if (!record) throw new Error(`${operation.path} has no render`);
  return digest(text) === before.sha256 && isSameMode(before.mode, mode) ? kept(merged) : merged;
}

/** Templates changed so much that the change does not fit what they gave before; nobody's edit is in it. */
function rendered(operation: Operation, { theirs }: MergeTexts, mode: FileMode): Operation {
  return { ...operation, verdict: 'update', after: { body: theirs, mode } };
}

/** The lock remembers what is written, so that it still is nobody's edit in the next run. */
function remembered(operation: Operation, text: string, before: NonNullable<Operation['before']>): Operation {
  const { after, record, ...rest } = operation;
  const sha256 = digest(text);
  const known = { ...rest, ...(record && { record: { ...record, sha256 } }) };
  const isThere = sha256 === before.sha256 && after !== undefined && isSameMode(before.mode, after.mode);
  return isThere ? { ...known, verdict: 'unchanged' } : { ...known, after };
}

function mergeThree(
  { path, renderedAt = path }: Operation,
  { base, ours, theirs }: { readonly base: string; readonly ours: string; readonly theirs: string },
): MergedText {
  if (renderedAt === 'go.mod') return { text: mergeGoMod(base, ours, theirs), conflicts: 0 };
  return (path.endsWith('.go') ? mergeGo : mergeText)(base, ours, theirs, labels);
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
