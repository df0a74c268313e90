import { isServicePath } from '../lock/service-path.js';

/** What an apply does to a directory: enough to finish it or to undo it after the process is gone. */
export interface Journal {
  /** Directories that are made, each after its parent. */
  readonly made: readonly string[];
  /** Directories that go when they hold nothing any more, each before its parent. */
  readonly emptied: readonly EmptiedDirectory[];
  /** Entry number n has its new content in `staged/n` and gets its old one into `saved/n`. */
  readonly entries: readonly JournalEntry[];
}

/** A directory above something that is removed. */
export interface EmptiedDirectory {
  readonly path: string;
  /** Its permission bits, to make it again. */
  readonly mode: number;
}

export interface JournalEntry {
  readonly path: string;
  /** SHA-256 of the old content; null: nothing was there. */
  readonly before: string | null;
  /** SHA-256 of the new content; null: nothing shall be there. */
  readonly after: string | null;
}

/** Returns a journal as text. */
export function formatJournal({ made, emptied, entries }: Journal): string {
  return `${JSON.stringify({ made, emptied, entries })}\n`;
}

/** Reads a journal; undefined when it is none, or names a path that no service has. */
export function parseJournal(text: string): Journal | undefined {
  const { made, emptied, entries } = parseObject(text);
  if (!isList(made, isPath) || !isList(emptied, isEmptied) || !isList(entries, isEntry)) return undefined;
  return { made, emptied, entries };
}

function parseObject(text: string): { readonly [key: string]: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function isList<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && isServicePath(value);
}

function isEmptied(value: unknown): value is EmptiedDirectory {
  const { path, mode } = Object(value);
  return isPath(path) && Number.isInteger(mode) && mode >= 0 && mode <= 0o7777;
}

function isEntry(value: unknown): value is JournalEntry {
  const { path, before, after } = Object(value);
  return isPath(path) && isDigest(before) && isDigest(after);
}

function isDigest(value: unknown): value is string | null {
  return value === null || (typeof value === 'string' && /^[0-9a-f]{64}$/.test(value));
}
