import { bothAdditions } from './go-additions.js';
import { linesOf } from './lines.js';
import { type Labels, type MergedText, mergeText } from './merge-text.js';

/**
 * Merges three texts of a Go file. Declarations and imports that both sides added at one place are both taken. gofmt sets neighbours in columns, so one longer name changes every line around it: where
 * that makes a conflict, the texts are merged without their columns, and these are set again as this render has them.
 */
export function mergeGo(base: string, ours: string, theirs: string, labels: Labels): MergedText {
  const plain = mergeText(base, ours, theirs, labels, bothAdditions);
  if (plain.conflicts === 0 || changesColumns(base, ours)) return plain;
  if (rawLines(ours).some((line) => narrow(line) !== line)) return plain;
  const [b, o, t] = [base, ours, theirs].map(narrow);
  const merged = mergeText(b ?? '', o ?? '', t ?? '', labels, bothAdditions);
  if (merged.conflicts > 0) return plain;
  const lines = widened(linesOf(merged.text), linesOf(ours), linesOf(theirs));
  return lines ? { text: lines.join(''), conflicts: 0 } : plain;
}

/** What a person changed in nothing but blanks is an edit too; then columns are not left out. */
function changesColumns(base: string, ours: string): boolean {
  const there = new Set(linesOf(base));
  const narrowed = new Set(linesOf(base).map(narrow));
  return linesOf(ours).some((line) => !there.has(line) && narrowed.has(narrow(line)));
}

/** The lines in, or beside the ends of, strings in backquotes that go over several lines. */
function rawLines(text: string): readonly string[] {
  let isRaw = false;
  return linesOf(text).filter((line) => {
    const wasRaw = isRaw;
    if ((line.split('`').length - 1) % 2 === 1) isRaw = !isRaw;
    return wasRaw || isRaw;
  });
}

/** Returns a text with single blanks between the words of each line; indentation and what is quoted stay. */
function narrow(text: string): string {
  return text.replace(/("(?:[^"\\\n]|\\.)*"|`[^`\n]*`)|(?<=[^\s]) {2,}(?=[^\s])/g, (blanks, quoted?: string) =>
    quoted === undefined ? ' ' : blanks,
  );
}

/**
 * Gives merged lines their columns again: those of this render as they are there, those of the person beside them. Returns
 * undefined where it cannot be told which of several lines one was.
 */
function widened(
  merged: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): readonly string[] | undefined {
  const [mine, rendered] = [byNarrow(ours, ours.map(narrow)), byNarrow(theirs, theirs.map(narrow))];
  const places = byNarrow(
    merged.map((_, index) => index),
    merged,
  );
  const found = merged.map((line, index) => {
    const at = places.get(line) ?? [];
    const sources = [rendered.get(line), mine.get(line)].flatMap((lines) => (lines ? [lines] : []));
    const sure = sources.find((lines) => new Set(lines).size === 1 || lines.length === at.length);
    return sources.length === 0 ? line : sure?.[Math.min(at.indexOf(index), sure.length - 1)];
  });
  if (found.includes(undefined)) return undefined;
  return found.map((line = '', index) => {
    if (rendered.has(merged[index] ?? '') || line.trimStart().startsWith('//')) return line;
    const beside = neighbours(merged, index).find((each) => rendered.has(each) && mine.has(each));
    return beside === undefined
      ? line
      : besideColumns(line, mine.get(beside)?.[0] ?? '', rendered.get(beside)?.[0] ?? '');
  });
}

/** Items by the narrow text of their lines, in order. */
function byNarrow<T>(items: readonly T[], narrowed: readonly string[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const [index, item] of items.entries()) {
    const line = narrowed[index] ?? '';
    const same = found.get(line);
    if (same) same.push(item);
    else found.set(line, [item]);
  }
  return found;
}

/** The lines of the same block, nearest first: up to a blank line or another indentation. */
function neighbours(lines: readonly string[], index: number): readonly string[] {
  const indent = indentOf(lines[index] ?? '');
  const isInside = (line: string | undefined) => line?.trim() !== '' && indentOf(line ?? '') === indent;
  const found: string[] = [];
  for (let up = index - 1; up >= 0 && isInside(lines[up]); up--) found.push(lines[up] ?? '');
  for (let down = index + 1; down < lines.length && isInside(lines[down]); down++) found.push(lines[down] ?? '');
  return found;
}

/** Moves the columns of a line as those of its neighbour moved. */
function besideColumns(line: string, before: string, after: string): string {
  const [old, now] = [columnsOf(before), columnsOf(after)];
  let moved = line;
  let shift = 0;
  for (const [index, column] of old.entries()) {
    const wanted = now[index];
    const at = column + shift;
    if (wanted === undefined || moved[at - 1] !== ' ' || /\s/.test(moved[at] ?? ' ')) continue;
    const head = moved.slice(0, at).trimEnd();
    moved = `${head.padEnd(Math.max(wanted, head.length + 1))}${moved.slice(at)}`;
    shift = wanted - column;
  }
  return moved;
}

/** Offsets at which words begin. */
function columnsOf(line: string): readonly number[] {
  return [...line.matchAll(/(?<= )[^\s]/g)].map(({ index }) => index);
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? '';
}
