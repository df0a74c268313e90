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

/**
 * Merges two texts that come from one base, line by line, as `git merge-file --diff3` does: changes that touch each
 * other are one conflict unless they are equal. Among equal lines it compares from the other end too when there are
 * conflicts, and takes what has fewer. A side that uses CRLF throughout keeps it.
 */
export function mergeText(base: string, ours: string, theirs: string, labels: Labels): MergedText {
  const ending = usesCrlf(ours) ? '\r\n' : '\n';
  const [baseLines = [], ourLines = [], theirLines = []] = [base, ours, theirs].map((text) =>
    linesOf(withEnding(text, ending)),
  );
  const sides = { base: baseLines, ours: ourLines, theirs: theirLines };
  const forward = mergeLines(sides, 'forward', labels, ending);
  if (forward.conflicts === 0) return forward;
  const backward = mergeLines(sides, 'backward', labels, ending);
  return backward.conflicts < forward.conflicts ? backward : forward;
}

function mergeLines(
  { base, ours, theirs }: Readonly<Record<'base' | 'ours' | 'theirs', readonly string[]>>,
  direction: Direction,
  labels: Labels,
  ending: string,
): MergedText {
  const parts: string[] = [];
  let [at, conflicts] = [0, 0];
  for (const region of regions(hunks(base, ours, direction), hunks(base, theirs, direction))) {
    parts.push(...base.slice(at, region.start));
    const { lines, isConflict } = resolve(region, base, labels, ending);
    parts.push(...lines);
    if (isConflict) conflicts++;
    at = region.end;
  }
  return { text: [...parts, ...base.slice(at)].join(''), conflicts };
}

/** Joins the hunks of both sides that overlap or touch. */
function regions(ours: readonly Hunk[], theirs: readonly Hunk[]): readonly Region[] {
  const found: Region[] = [];
  let [o, t] = [0, 0];
  for (;;) {
    const first = earlier(ours[o], theirs[t]);
    if (!first) return found;
    const from = { o, t };
    let end = first.end;
    for (;;) {
      const next = earlier(ours[o], theirs[t]);
      const isFirst = o === from.o && t === from.t;
      if (!next || (!isFirst && next.start > end)) break;
      if (next === ours[o]) o++;
      else t++;
      end = Math.max(end, next.end);
    }
    found.push({ start: first.start, end, ours: ours.slice(from.o, o), theirs: theirs.slice(from.t, t) });
  }
}

function earlier(a: Hunk | undefined, b: Hunk | undefined): Hunk | undefined {
  if (!a || !b) return a ?? b;
  return b.start < a.start ? b : a;
}

function resolve(
  region: Region,
  base: readonly string[],
  labels: Labels,
  ending: string,
): { readonly lines: readonly string[]; readonly isConflict: boolean } {
  const ours = sideOf(region, region.ours, base);
  const theirs = sideOf(region, region.theirs, base);
  if (region.theirs.length === 0) return { lines: ours, isConflict: false };
  if (region.ours.length === 0 || ours.join('') === theirs.join('')) return { lines: theirs, isConflict: false };
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
