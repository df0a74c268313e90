import { diffArrays } from 'diff';

/** A stretch of the base that one side replaced. */
export interface Hunk {
  /** First line of the base that is replaced, from 0; for an insertion the line before which it stands. */
  readonly start: number;
  /** One past the last line of the base that is replaced. */
  readonly end: number;
  /** What stands there instead. */
  readonly lines: readonly string[];
}

/** Returns how a side differs from the base, in order; the hunks do not touch each other. */
export function hunks(base: readonly string[], side: readonly string[]): readonly Hunk[] {
  const first = commonLength(base, side, 0, (list, index) => list[index]);
  const last = commonLength(base, side, first, (list, index) => list[list.length - 1 - index]);
  const middle = diffArrays(base.slice(first, base.length - last), side.slice(first, side.length - last));
  const found: Hunk[] = [];
  let at = first;
  let open: Hunk | undefined;
  for (const { added, removed, value } of middle) {
    if (added || removed) {
      const { start, lines } = open ?? { start: at, lines: [] };
      open = { start, end: removed ? at + value.length : at, lines: added ? [...lines, ...value] : lines };
    } else if (open) {
      found.push(open);
      open = undefined;
    }
    if (!added) at += value.length;
  }
  return open ? [...found, open] : found;
}

/** How many items two lists have in common at one end, leaving the first `used` of both alone. */
function commonLength(
  a: readonly string[],
  b: readonly string[],
  used: number,
  at: (list: readonly string[], index: number) => string | undefined,
): number {
  const most = Math.min(a.length, b.length) - used;
  let length = 0;
  while (length < most && at(a, length) === at(b, length)) length++;
  return length;
}
