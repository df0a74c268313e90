import { diffArrays } from 'diff';
import { compact, type MarkedLines } from './compact.js';

/** A stretch of the base that one side replaced. */
export interface Hunk {
  /** First line of the base that is replaced, from 0; for an insertion the line before which it stands. */
  readonly start: number;
  /** One past the last line of the base that is replaced. */
  readonly end: number;
  /** What stands there instead. */
  readonly lines: readonly string[];
}

/** From which end two texts are compared: where lines are equal it decides between two shortest differences. */
export type Direction = 'forward' | 'backward';

/** Returns how a side differs from the base, in order; the hunks do not touch each other. */
export function hunks(
  base: readonly string[],
  side: readonly string[],
  direction: Direction = 'forward',
): readonly Hunk[] {
  const [own, other] = marked(base, side, direction);
  compact(own, other);
  compact(other, own);
  const found: Hunk[] = [];
  let [at, to] = [0, 0];
  while (at < base.length || to < side.length) {
    const [start, first] = [at, to];
    while (own.changed[at]) at++;
    while (other.changed[to]) to++;
    if (at > start || to > first) found.push({ start, end: at, lines: side.slice(first, to) });
    at++;
    to++;
  }
  return found;
}

/** Marks what a shortest difference removes from the base and adds on the side. */
function marked(
  base: readonly string[],
  side: readonly string[],
  direction: Direction,
): readonly [own: MarkedLines, other: MarkedLines] {
  const first = commonLength(base, side, 0, (list, index) => list[index]);
  const last = commonLength(base, side, first, (list, index) => list[list.length - 1 - index]);
  const middle = differences(base.slice(first, base.length - last), side.slice(first, side.length - last), direction);
  const own = { lines: base, changed: base.map(() => false) };
  const other = { lines: side, changed: side.map(() => false) };
  let [at, to] = [first, first];
  for (const { added, removed, value } of middle) {
    if (removed) own.changed.fill(true, at, at + value.length);
    if (added) other.changed.fill(true, to, to + value.length);
    if (!added) at += value.length;
    if (!removed) to += value.length;
  }
  return [own, other];
}

function differences(base: string[], side: string[], direction: Direction) {
  if (direction === 'forward') return diffArrays(base, side);
  return diffArrays(base.reverse(), side.reverse()).reverse();
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
