/** One side of a difference: its lines, and which of them the other side does not have. */
export interface MarkedLines {
  readonly lines: readonly string[];
  readonly changed: boolean[];
}

/** A run of changed lines, perhaps empty, between two lines that did not change. */
interface Group {
  start: number;
  end: number;
}

/**
 * Slides each run of changed lines to where git puts it: among equal lines there is more than one shortest difference, and
 * two sides that were compared with one base should choose alike. Down as far as it goes, or beside a run of the other
 * side; runs that meet become one.
 */
export function compact(own: MarkedLines, other: MarkedLines): void {
  const group = firstGroup(own);
  const beside = firstGroup(other);
  do {
    if (group.end > group.start) settle(group, own, beside, other);
  } while (next(group, own) && next(beside, other));
}

function settle(group: Group, own: MarkedLines, beside: Group, other: MarkedLines): void {
  let size: number;
  let earliest: number;
  let matching: boolean;
  do {
    size = group.end - group.start;
    while (slideUp(group, own)) previous(beside, other);
    earliest = group.end;
    matching = beside.end > beside.start;
    while (slideDown(group, own)) {
      next(beside, other);
      if (beside.end > beside.start) matching = true;
    }
  } while (size !== group.end - group.start);
  if (group.end === earliest || !matching) return;
  while (beside.end === beside.start) {
    slideUp(group, own);
    previous(beside, other);
  }
}

function firstGroup({ changed }: MarkedLines): Group {
  let end = 0;
  while (changed[end]) end++;
  return { start: 0, end };
}

function next(group: Group, { lines, changed }: MarkedLines): boolean {
  if (group.end === lines.length) return false;
  group.start = group.end + 1;
  group.end = group.start;
  while (changed[group.end]) group.end++;
  return true;
}

function previous(group: Group, { changed }: MarkedLines): void {
  if (group.start === 0) return;
  group.end = group.start - 1;
  group.start = group.end;
  while (changed[group.start - 1]) group.start--;
}

function slideDown(group: Group, { lines, changed }: MarkedLines): boolean {
  if (group.end >= lines.length || lines[group.start] !== lines[group.end]) return false;
  changed[group.start++] = false;
  changed[group.end++] = true;
  while (changed[group.end]) group.end++;
  return true;
}

function slideUp(group: Group, { lines, changed }: MarkedLines): boolean {
  if (group.start === 0 || lines[group.start - 1] !== lines[group.end - 1]) return false;
  changed[--group.start] = true;
  changed[--group.end] = false;
  while (changed[group.start - 1]) group.start--;
  return true;
}
