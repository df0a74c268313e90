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
  const [b, o, t] = [base, ours, theirs].map(narrow);
  const merged = mergeText(b ?? '', o ?? '', t ?? '', labels, bothAdditions);
  if (merged.conflicts > 0) return plain;
  return { text: widened(linesOf(merged.text), linesOf(ours), linesOf(theirs)).join(''), conflicts: 0 };
}

/** What a person changed in nothing but blanks is an edit too; then columns are not left out. */
function changesColumns(base: string, ours: string): boolean {
  const there = new Set(linesOf(base));
  const narrowed = new Set(linesOf(base).map(narrow));
  return linesOf(ours).some((line) => !there.has(line) && narrowed.has(narrow(line)));
}

/** Returns a text with single blanks between the words of each line; indentation and what is quoted stay. */
function narrow(text: string): string {
  return text.replace(/("(?:[^"\\\n]|\\.)*"|`[^`\n]*`)|(?<=[^\s]) {2,}(?=[^\s])/g, (blanks, quoted?: string) =>
    quoted === undefined ? ' ' : blanks,
  );
}

/** Gives merged lines their columns again: those of this render as they are there, those of the person beside them. */
function widened(merged: readonly string[], ours: readonly string[], theirs: readonly string[]): readonly string[] {
  const [mine, rendered] = [wideLines(ours), wideLines(theirs)];
  const found = merged.map((line) => rendered.get(line) ?? mine.get(line) ?? line);
  return found.map((line, index) => {
    if (rendered.has(merged[index] ?? '')) return line;
    const beside = neighbours(merged, index).find((each) => rendered.has(each) && mine.has(each));
    return beside === undefined ? line : besideColumns(line, mine.get(beside) ?? '', rendered.get(beside) ?? '');
  });
}

function wideLines(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(lines.map((line) => [narrow(line), line]));
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
