import { join } from 'node:path';
import { textIn } from '../apply/file-text.js';
import type { Expected } from '../apply/lock-of.js';
import { recover } from '../apply/recover.js';
import { surveyFolder } from '../apply/survey.js';
import { UserError } from '../errors.js';
import { refuseClashes } from '../lock/clashes.js';
import { isConflicted, sideOf } from '../lock/conflicted.js';
import { digest } from '../lock/digest.js';
import { basePath, type Lock, lockPath } from '../lock/lock.js';
import { readLock } from '../lock/merge-lock.js';
import { newerLock } from '../lock/parse-lock.js';
import type { System } from '../system/system.js';
import { compareVersions } from '../text/compare-versions.js';
import { version } from '../version.js';

/** A service on the disk, as the last run left it. */
export interface Service {
  /** Absolute. */
  readonly directory: string;
  readonly lock: Lock;
  /** `service.yaml` as it is now. */
  readonly manifest: string;
  /** Text of the stored merge bases by path in the service. */
  readonly bases: ReadonlyMap<string, string>;
  /** The lock and the manifest as they were read. */
  readonly madeFrom: readonly Expected[];
}

/** Name of the manifest in a service. */
export const manifestPath = 'service.yaml';

/**
 * Opens the service in the working directory: first finishes or undoes what an interrupted run left there, and says so.
 *
 * @param options whether numbers may clash, for the run that gives new ones
 * @throws UserError with code 3 when there is none, or a newer tool wrote it, and with code 1 when numbers clash
 */
export function openService(system: System, { clashesAllowed = false } = {}): Service {
  const directory = system.cwd;
  recoverAloud(directory, system);
  const lock = fileAt(lockPath, directory, system);
  if (lock === undefined) {
    throw new UserError(`there is no service of create-service here: ${lockPath} is missing`, {
      exitCode: 3,
      hint: 'change to its directory, or give --cwd; create-service new makes one',
    });
  }
  const manifest = fileAt(manifestPath, directory, system);
  if (manifest === undefined) throw new UserError(`there is no ${manifestPath} here`);
  const read = readLock(lock.text, manifest.text);
  refuseNewerLock(read);
  if (!clashesAllowed) refuseClashes(read.numbers);
  const madeFrom = [lock, manifest].map(({ path, sha256 }) => ({ path, sha256 }));
  return { directory, lock: read, manifest: manifest.text, bases: storedBases(directory, system), madeFrom };
}

/** Finishes or undoes what an interrupted run left in a directory, and tells the person. */
export function recoverAloud(directory: string, system: System): ReturnType<typeof recover> {
  const recovery = recover(directory, system);
  if (recovery.outcome !== 'none') {
    const done = recovery.outcome === 'completed' ? 'finished' : 'undone';
    system.terminal.err(`An earlier run in ${directory} was interrupted; it is ${done} now.\n`);
  }
  for (const path of recovery.kept) system.terminal.err(`What somebody wrote since is at ${path}\n`);
  return recovery;
}

/** Reads the texts of the last render that are stored in a directory, by path. */
export function storedBases(directory: string, system: System): ReadonlyMap<string, string> {
  const { entries } = surveyFolder(directory, basePath, system);
  const texts = entries.flatMap(({ path, text }) =>
    text === undefined ? [] : [[path.slice(basePath.length + 1), ourSide(text)] as const],
  );
  return new Map(texts);
}

/** Of a file that both branches rendered the lock remembers ours, so its base is ours too. */
function ourSide(text: string): string {
  return isConflicted(text) ? sideOf(text, 'ours') : text;
}

/** @throws UserError with code 3 for a lock that a newer version of the tool wrote */
export function refuseNewerLock({ tool }: Lock): void {
  if (compareVersions(tool, version) > 0) throw newerLock(tool);
}

/**
 * Reads a file of a directory, with what it must still be when something is written that came of it.
 *
 * @throws UserError when it is not UTF-8: what cannot be read could not be written again
 */
export function fileAt(
  path: string,
  directory: string,
  system: System,
): (Expected & { readonly text: string }) | undefined {
  const bytes = system.files.read(join(directory, path));
  return bytes && { path, sha256: digest(bytes), text: textIn(path, bytes) };
}
