import { join } from 'node:path';
import type { FileMode } from '../catalog/catalog.js';
import { UserError } from '../errors.js';
import { digest } from '../lock/digest.js';
import { isServicePath } from '../lock/service-path.js';
import type { System } from '../system/system.js';
import { type Change, replacing } from './change.js';
import { survey } from './survey.js';

/** Folder of what `undo` needs. Version control never sees it. */
const folder = '.create-service/undo';
const recordPath = `${folder}/last.json`;

/** One path as it was before an apply. */
interface Undone {
  readonly path: string;
  readonly mode: number;
  /** Old content in base64; null: nothing was there. */
  readonly before: string | null;
  /** SHA-256 of the content that the apply left; null: nothing. */
  readonly after: string | null;
}

/** Returns the changes that write down how to take other changes back. They belong to the same transaction. */
export function undoFileFor(changes: readonly Change[], target: string, system: System): readonly Change[] {
  const entries = changes.map(({ path, before, after }): Undone => {
    const bytes = before ? system.files.read(join(target, path)) : undefined;
    return {
      path,
      mode: before?.mode ?? 0o644,
      before: bytes ? Buffer.from(bytes).toString('base64') : null,
      after: after ? digest(after.body) : null,
    };
  });
  const ignore = `${folder}/.gitignore`;
  const wanted = new Map([
    [recordPath, `${JSON.stringify({ entries }, undefined, 1)}\n`],
    [ignore, '*\n'],
  ]);
  return replacing(wanted, survey(target, wanted.keys(), system));
}

/**
 * Returns the changes that take the last apply back.
 *
 * @param target absolute path of the service
 * @throws UserError with code 3 when there is none, or a path was changed since
 */
export function undoingChanges(target: string, system: System): readonly Change[] {
  const bytes = system.files.read(join(target, recordPath));
  if (!bytes) throw new UserError('there is nothing to undo', { exitCode: 3 });
  const entries = parseEntries(Buffer.from(bytes).toString('utf8'));
  const found = survey(
    target,
    entries.map(({ path }) => path),
    system,
  );
  const disk = new Map(found.entries.map((entry) => [entry.path, entry]));
  const changed = entries.filter(({ path, after }) => (disk.get(path)?.sha256 ?? null) !== after);
  if (changed.length > 0) throw editedSince(changed.map(({ path }) => path));
  return entries.flatMap(({ path, mode, before }): Change[] => {
    const ours = disk.get(path);
    const content = before === null ? undefined : { body: Buffer.from(before, 'base64'), mode: modeOf(mode) };
    if (!ours && !content) return [];
    const seen = ours?.sha256 === undefined ? undefined : { sha256: ours.sha256, mode };
    return [{ path, ...(seen && { before: seen }), ...(content && { after: content }) }];
  });
}

function modeOf(mode: number): FileMode {
  return (mode & 0o100) === 0 ? 0o644 : 0o755;
}

function parseEntries(text: string): readonly Undone[] {
  try {
    const { entries } = JSON.parse(text) as { entries: readonly Undone[] };
    if (entries.every(({ path }) => isServicePath(path))) return entries;
  } catch {
    // Falls through: it is not what this tool wrote.
  }
  throw new UserError(`${recordPath} cannot be read`, { exitCode: 3 });
}

function editedSince(paths: readonly string[]): UserError {
  return new UserError('what the last run wrote was changed since', {
    exitCode: 3,
    diagnostics: paths.map((path) => ({ file: path, line: 0, column: 0, message: 'it is not as the run left it' })),
    hint: 'take these files back by version control',
  });
}
