import { type Direction, type Hunk, hunks } from './hunks.js';
import { ended, linesOf, usesCrlf, withEnding } from './lines.js';

/** What came of merging three texts. */
export interface MergedText {
  /** The merged text; where both sides changed the same lines differently, both with the base between diff3 markers. */
  readonly text: string;
  /** Number of places with markers. */
  readonly conflicts: number;
}

/** What the markers call the three sides. */
export interface Labels {
  readonly ours: string;
  readonly base: string;
  readonly theirs: string;
}

/** A stretch of the base that at least one side changed, with the hunks of both sides in it. */
interface Region {
  readonly start: number;
  readonly end: number;
  readonly ours: readonly Hunk[];
  readonly theirs: readonly Hunk[];
}

/** Returns what stands where both sides inserted something; undefined when that is a conflict. */
export type BothInserted = (ours: readonly string[], theirs: readonly string[]) => readonly string[] | undefined;

/**
 * Whether changes of both sides that have no line between them are one place or two. `git merge-file` joins them always;
 * apart from what was changed can stay what was inserted beside it, since nobody touched the other's lines. Not beside
 * what was deleted: what was inserted may belong to it.
 */
type Touching = 'joined' | 'apart';

/**
 * Merges two texts that come from one base, line by line, as `git merge-file --diff3` does. Where that gives conflicts,
 * it keeps insertions apart from changes that they only touch, and among equal lines compares from the other end too; what has the
 * fewest conflicts is taken. A side that uses CRLF throughout keeps it. `bothInserted` may know better than to call it a
 * conflict when both sides inserted lines at the same place.
 */
export function mergeText(
  base: string,
  ours: string,
  theirs: string,
  labels: Labels,
  bothInserted: BothInserted = () => undefined,
): MergedText {
  const ending = usesCrlf(ours) ? '\r\n' : '\n';
  const [baseLines = [], ourLines = [], theirLines = []] = [base, ours, theirs].map((text) =>
    linesOf(withEnding(text, ending)),
  );
  const sides = { base: baseLines, ours: ourLines, theirs: theirLines };
  let best: MergedText | undefined;
  for (const touching of ['joined', 'apart'] as const) {
    for (const direction of ['forward', 'backward'] as const) {
      const merged = mergeLines(sides, { direction, touching, bothInserted }, labels, ending);
      if (merged.conflicts === 0) return merged;
      if (!best || merged.conflicts < best.conflicts) best = merged;
    }
  }
  return best ?? { text: ours, conflicts: 0 };
}

interface Manner {
  readonly direction: Direction;
  readonly touching: Touching;
  readonly bothInserted: BothInserted;
}

function mergeLines(
  { base, ours, theirs }: Readonly<Record<'base' | 'ours' | 'theirs', readonly string[]>>,
  { direction, touching, bothInserted }: Manner,
  labels: Labels,
  ending: string,
): MergedText {
  const parts: string[] = [];
  let [at, conflicts] = [0, 0];
  for (const region of regions(hunks(base, ours, direction), hunks(base, theirs, direction), touching)) {
    parts.push(...base.slice(at, region.start));
    const { lines, isConflict } = resolve(region, base, bothInserted, labels, ending);
    parts.push(...lines);
    if (isConflict) conflicts++;
    at = region.end;
  }
  return { text: [...parts, ...base.slice(at)].join(''), conflicts };
}

/** Joins the hunks of both sides that overlap, and those that touch unless these are to be kept apart. */
function regions(ours: readonly Hunk[], theirs: readonly Hunk[], touching: Touching): readonly Region[] {
  const found: Region[] = [];
  let [o, t] = [0, 0];
  for (;;) {
    let last = earlier(ours[o], theirs[t]);
    if (!last) return found;
    const from = { o, t };
    const { start } = last;
    let { end } = last;
    for (let next: Hunk | undefined = last; next; next = earlier(ours[o], theirs[t])) {
      const isApart = next.start > end || (next.start === end && touching === 'apart' && canFollow(last, next));
      if (next !== last && isApart) break;
      if (next === ours[o]) o++;
      else t++;
      if (next.end >= end) last = next;
      end = Math.max(end, next.end);
    }
    found.push({ start, end, ours: ours.slice(from.o, o), theirs: theirs.slice(from.t, t) });
  }
}

/** The one that begins first; of two that begin at the same line, what is inserted before it. */
function earlier(a: Hunk | undefined, b: Hunk | undefined): Hunk | undefined {
  if (!a || !b) return a ?? b;
  return b.start < a.start || (b.start === a.start && b.end < a.end) ? b : a;
}

/**
 * Whether a hunk can stand right behind one of the other side: one inserts beside what the other changed, and not the same.
 * Nothing follows a last line without an end.
 */
function canFollow(first: Hunk, second: Hunk): boolean {
  if (first.lines.at(-1)?.endsWith('\n') === false) return false;
  const [inserted, changed] = isInsertion(first) ? [first, second] : [second, first];
  if (!isInsertion(inserted) || isInsertion(changed) || changed.lines.length === 0) return false;
  return !inserted.lines.some((line) => line.trim() !== '' && changed.lines.includes(line));
}

function isInsertion({ start, end }: Hunk): boolean {
  return start === end;
}

function resolve(
  region: Region,
  base: readonly string[],
  bothInserted: BothInserted,
  labels: Labels,
  ending: string,
): { readonly lines: readonly string[]; readonly isConflict: boolean } {
  const ours = sideOf(region, region.ours, base);
  const theirs = sideOf(region, region.theirs, base);
  if (region.theirs.length === 0) return { lines: ours, isConflict: false };
  if (region.ours.length === 0 || ours.join('') === theirs.join('')) return { lines: theirs, isConflict: false };
  const both = region.start === region.end ? bothInserted(ours, theirs) : undefined;
  if (both) return { lines: both, isConflict: false };
  const lines = [
    `<<<<<<< ${labels.ours}${ending}`,
    ...ended(ours, ending),
    `||||||| ${labels.base}${ending}`,
    ...ended(base.slice(region.start, region.end), ending),
    `=======${ending}`,
    ...ended(theirs, ending),
    `>>>>>>> ${labels.theirs}${ending}`,
  ];
  return { lines, isConflict: true };
}

/** Returns what a side has in the region: the base with its hunks. */
function sideOf({ start, end }: Region, own: readonly Hunk[], base: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let at = start;
  for (const hunk of own) {
    lines.push(...base.slice(at, hunk.start), ...hunk.lines);
    at = hunk.end;
  }
  return [...lines, ...base.slice(at, end)];
}
