import type { FileMode } from '../catalog/catalog.js';
import type { BaseEntry, DiskEntry, Operation, Rendered } from './operation.js';

/** The three sides of one path: the last render, the disk, this render. `base` or `theirs` is there, or both. */
export interface Sides {
  readonly base: BaseEntry | undefined;
  readonly ours: DiskEntry | undefined;
  readonly theirs: (BaseEntry & { readonly body: string }) | undefined;
}

/** What happens to a path, whatever it is. */
export type Decision = Omit<Operation, 'path'>;
type New = Rendered & { readonly body: string };

/** Decides what happens to one path. Pure; the table of cases is the test beside this file. */
export function decide({ base, ours, theirs }: Sides): Decision {
  if (base?.class === 'ejected') return leave('ejected', base, base);
  if (base?.frozen) return asItStands(base, ours);
  if (theirs) return withRender(base, ours, theirs);
  if (base) return withoutRender(base, ours);
  throw new Error('a path that no render names');
}

function asItStands(base: Rendered, ours: DiskEntry | undefined): Decision {
  if (!ours) return leave('skipped-deleted', base, base);
  return leave(isSame(ours, base) ? 'unchanged' : 'kept-edited', base, base);
}

// What is computed is nobody's text: without its source it goes.
function withoutRender(base: Rendered, ours: DiskEntry | undefined): Decision {
  const isTheirs = ours && !isSame(ours, base) && (base.class !== 'derived' || ours.kind !== 'file');
  if (isTheirs) return { ...of(base), verdict: 'kept-edited', reason: 'rendered no longer, but edited' };
  return { ...of(base), verdict: 'removed', ...seen(ours) };
}

function withRender(base: BaseEntry | undefined, ours: DiskEntry | undefined, theirs: New): Decision {
  if (!ours) return base ? withoutFile(theirs) : write('create', ours, theirs);
  if (ours.kind !== 'file') return inTheWay(base, ours, theirs);
  if (isSame(ours, theirs)) return leave('unchanged', theirs, theirs);
  if (!base) return collision(ours, theirs);
  return isSame(ours, base) ? withUneditedFile(base, ours, theirs) : withEditedFile(base, ours, theirs);
}

// What is computed is computed again; what a person deleted stays deleted.
function withoutFile(theirs: New): Decision {
  return theirs.class === 'derived' ? write('create', undefined, theirs) : leave('skipped-deleted', theirs, theirs);
}

function inTheWay(base: Rendered | undefined, ours: DiskEntry, theirs: New): Decision {
  if (base && isSameRender(base, theirs)) return leave('kept-edited', theirs, base);
  return conflict(`a ${kindNames[ours.kind]} is in the way`, base, ours, theirs);
}

function collision(ours: DiskEntry, theirs: New): Decision {
  return twoWay('a different file is there already', undefined, ours, theirs);
}

// A file of class `yours` changes only when the caller gives its base: for a change that the person asked for.
function withUneditedFile(base: Rendered, ours: DiskEntry, theirs: New): Decision {
  if (theirs.class === 'yours' && base.body === undefined) return leave('unchanged', theirs, base);
  return write('update', ours, theirs);
}

function withEditedFile(base: BaseEntry, ours: DiskEntry, theirs: New): Decision {
  if (theirs.class === 'derived') return write('update', ours, theirs);
  if (isSameRender(base, theirs)) return leave('kept-edited', theirs, theirs);
  if (ours.sha256 === base.sha256) return write('update', ours, theirs, mergedMode(base, ours, theirs));
  if (theirs.class === 'generated') return conflict('a generated file was edited', base, ours, theirs);
  if (base.body !== undefined) return merge(base.body, base, ours, theirs);
  if (theirs.class === 'yours') return leave('kept-edited', theirs, base);
  return twoWay('it was edited, and its last render is gone', base, ours, theirs);
}

function merge(baseText: string, base: BaseEntry, ours: DiskEntry, theirs: New): Decision {
  if (ours.text === undefined) return conflict('it was edited and is not UTF-8', base, ours, theirs);
  const isUntouched = ours.sha256 === base.written;
  const sides = { ours: ours.text, base: baseText, theirs: theirs.body, ...(isUntouched && { isUntouched }) };
  const after = { body: '', mode: mergedMode(base, ours, theirs) };
  return { ...of(theirs), verdict: 'merge', ...seen(ours), after, record: recorded(theirs), sides };
}

function write(
  verdict: 'create' | 'update',
  ours: DiskEntry | undefined,
  theirs: New,
  mode: FileMode = theirs.mode,
): Decision {
  const after = { body: theirs.body, mode };
  return { ...of(theirs), verdict, ...seen(ours), after, record: recorded(theirs) };
}

function leave(verdict: Operation['verdict'], from: Rendered, record: Rendered): Decision {
  return { ...of(from), verdict, record: recorded(record) };
}

// The lock keeps the old render, so that a conflict that the file does not show is seen again until somebody resolves it.
function conflict(reason: string, base: Rendered | undefined, ours: DiskEntry, theirs: Rendered): Decision {
  return { ...of(theirs), verdict: 'conflict', reason, ...seen(ours), ...(base && { record: recorded(base) }) };
}

/** A conflict that can be shown in the file, because both texts are there. */
function twoWay(reason: string, base: Rendered | undefined, ours: DiskEntry, theirs: New): Decision {
  const found = conflict(reason, base, ours, theirs);
  if (ours.text === undefined) return found;
  return { ...found, record: recorded(theirs), sides: { ours: ours.text, theirs: theirs.body } };
}

function of({ class: ownership, owner }: Rendered): Pick<Operation, 'class' | 'owner'> {
  return { class: ownership, owner };
}

function seen(ours: DiskEntry | undefined): Pick<Operation, 'before'> {
  return ours?.sha256 === undefined ? {} : { before: { sha256: ours.sha256, mode: ours.mode } };
}

/** Only managed files are merged from a stored text. */
function recorded({ class: ownership, owner, mode, sha256, body }: Rendered): Rendered {
  const facts = { class: ownership, owner, mode, sha256 };
  return ownership === 'managed' && body !== undefined ? { ...facts, body } : facts;
}

// Of the permission bits only the executable one is ours: the others follow the umask of whoever made the file.
function isSame(ours: DiskEntry, { sha256, mode }: Rendered): boolean {
  return ours.sha256 === sha256 && isExecutable(ours.mode) === isExecutable(mode);
}

function isSameRender(base: Rendered, theirs: Rendered): boolean {
  return base.sha256 === theirs.sha256 && base.mode === theirs.mode;
}

/** The executable bit is merged like a text: a person's change of it stays unless the templates change it too. */
function mergedMode(base: Rendered, ours: DiskEntry, theirs: Rendered): FileMode {
  if (base.mode !== theirs.mode) return theirs.mode;
  return isExecutable(ours.mode) ? 0o755 : 0o644;
}

function isExecutable(mode: number): boolean {
  return (mode & 0o100) !== 0;
}

const kindNames = { file: 'file', directory: 'directory', symlink: 'symbolic link', other: 'special file' };
