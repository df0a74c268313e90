import { digest } from '../lock/digest.js';
import type { LockedFile } from '../lock/lock.js';
import type { BaseEntry } from '../plan/operation.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import { isDerived } from './derived-paths.js';
import { manifestPath, type Service } from './open-service.js';
import { isMigration } from './published.js';

/** What the stage `plan` compares, but for what follows from the merged tree. */
export interface Compared {
  readonly base: readonly BaseEntry[];
  readonly theirs: readonly FileEntry[];
  /** Paths that the manifest's change makes different, whatever the version of the templates. */
  readonly changed: ReadonlySet<string>;
}

/**
 * Says what each file of the last render counts as in this run. Files of people (class `yours`) change only by what the
 * manifest's change makes different in today's templates; migrations are only ever added.
 *
 * @param today today's templates with the manifest of the last update
 * @param next today's templates with the manifest as it is now
 * @param history migrations that databases may have run
 */
export function compared(
  { lock, bases }: Service,
  today: FileTree,
  next: FileTree,
  history: ReadonlySet<string>,
): Compared {
  const before = new Map(today.entries.map((entry) => [entry.path, entry]));
  const after = new Map(next.entries.map((entry) => [entry.path, entry]));
  const paths = new Set([...before.keys(), ...after.keys()]);
  const changed = new Set([...paths].filter((path) => !isEqual(before.get(path), after.get(path))));
  const locked = new Map(lock.files.map((file) => [file.path, file]));
  const base = lock.files.filter(({ path }) => !isOwn(path) && !isDerived(path));
  return {
    changed,
    base: base.map((file) => baseEntry(file, { changed, before, after, bases, history })),
    theirs: next.entries.filter(
      ({ path, class: ownership }) =>
        !isOwn(path) && !isDerived(path) && (ownership !== 'yours' || locked.has(path) || changed.has(path)),
    ),
  };
}

interface Renders {
  readonly changed: ReadonlySet<string>;
  readonly before: ReadonlyMap<string, FileEntry>;
  readonly after: ReadonlyMap<string, FileEntry>;
  readonly bases: ReadonlyMap<string, string>;
  readonly history: ReadonlySet<string>;
}

function baseEntry(file: LockedFile, { changed, before, after, bases, history }: Renders): BaseEntry {
  const today = before.get(file.path);
  const next = after.get(file.path);
  if ((next?.class ?? file.class) === 'managed') return { ...file, ...bodyOf(file, bases, today) };
  if (file.class !== 'yours') return file;
  if (isMigration(file.path)) return history.has(file.path) ? { ...file, frozen: true } : { ...file, body: next?.body };
  if (!changed.has(file.path)) return { ...file, frozen: true };
  if (!next || !today) return file;
  return { ...file, body: today.body, sha256: digest(today.body), written: file.sha256 };
}

/** Returns the stored text, or today's render where it is the same one; a text that was tampered with is none. */
export function bodyOf(
  { path, sha256 }: LockedFile,
  bases: ReadonlyMap<string, string>,
  today?: FileEntry,
): { readonly body?: string } {
  const candidates = [bases.get(path), today?.body];
  const body = candidates.find((text) => text !== undefined && digest(text) === sha256);
  return body === undefined ? {} : { body };
}

/** The manifest is the person's side of the comparison, not a file to compare. */
function isOwn(path: string): boolean {
  return path === manifestPath;
}

function isEqual(a: FileEntry | undefined, b: FileEntry | undefined): boolean {
  return a?.body === b?.body && a?.mode === b?.mode && a?.class === b?.class;
}
