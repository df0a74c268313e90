import { join } from 'node:path';
import { survey } from '../apply/survey.js';
import { UserError } from '../errors.js';
import { type Lock, type LockedFile, lockPath } from '../lock/lock.js';
import { parseLock } from '../lock/parse-lock.js';
import { type KnownNumbers, numberNames } from '../resolve/numbers.js';
import type { System } from '../system/system.js';
import { gitSays } from './git.js';
import type { Service } from './open-service.js';

/** What others may have seen of a service, which can therefore not be taken back. */
export interface Published {
  /** Manifest of which databases may have the schema. */
  readonly manifest: string;
  readonly known: KnownNumbers;
  /** Migrations of the last render that may have run somewhere. */
  readonly migrations: ReadonlySet<string>;
}

/**
 * Returns what was committed: numbers and migrations that were not are as good as never given. Without version control, and
 * once a person edited a migration, everything may have been seen.
 *
 * @throws UserError with code 3 when the lock was taken back behind what is committed
 */
export async function published(service: Service, system: System): Promise<Published> {
  const { lock, directory } = service;
  const seen = await committedLock(directory, system);
  if (!seen) return seenByAll(service, system);
  refuseTakenBack(seen, lock);
  const committed = new Set(seen.files.map(({ path }) => path));
  const files = lock.files.filter(({ path }) => isMigration(path));
  const fresh = files.filter(({ path }) => !committed.has(path));
  if (areEdited(fresh, directory, system)) return seenByAll(service, system);
  const names = new Set(seen.numbers.map(({ name }) => name));
  const unpublished = new Set(lock.numbers.map(({ name }) => name).filter((name) => !names.has(name)));
  const withdrawn = new Set(fresh.map(({ path }) => path));
  const last = (ending: 'sql' | 'json') => lastMigration(directory, ending, withdrawn, system);
  return {
    manifest: seen.manifest,
    migrations: new Set(files.map(({ path }) => path).filter((path) => committed.has(path))),
    known: { numbers: lock.numbers, lastMigration: last('sql'), lastDocuments: last('json'), unpublished },
  };
}

function areEdited(files: readonly LockedFile[], directory: string, system: System): boolean {
  const rendered = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  return survey(directory, rendered.keys(), system).entries.some(({ path, sha256 }) => sha256 !== rendered.get(path));
}

/** Returns the same as if others had seen everything. */
export function seenByAll({ lock, directory }: Service, system: System): Published {
  const last = (ending: 'sql' | 'json') => lastMigration(directory, ending, new Set(), system);
  return {
    manifest: lock.manifest,
    migrations: new Set(lock.files.map(({ path }) => path).filter(isMigration)),
    known: { numbers: lock.numbers, lastMigration: last('sql'), lastDocuments: last('json') },
  };
}

/** Databases and callers may have what was committed: its numbers must not be given away again. */
function refuseTakenBack(seen: Lock, { numbers }: Lock): void {
  const gone = seen.numbers.filter(
    ({ name }) => !name.startsWith(numberNames.left('')) && !numbers.some((each) => each.name === name),
  );
  if (gone.length === 0) return;
  throw new UserError(`${lockPath} was taken back behind the last commit, which others may have`, {
    exitCode: 3,
    diagnostics: gone.map(({ name, number }) => ({
      file: lockPath,
      line: 0,
      column: 0,
      message: `the commit has ${name} with the number ${number}`,
    })),
    hint: 'bring the commit back (git checkout -- .) and remove what you do not want, or commit that it never was',
  });
}

async function committedLock(directory: string, system: System): Promise<Lock | undefined> {
  const text = await gitSays(['show', `HEAD:./${lockPath}`], directory, system);
  if (text === undefined) return undefined;
  try {
    return parseLock(text);
  } catch (error) {
    // A commit with markers in it, or of another version: then everything counts as seen.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** MySQL's migrations are .sql, MongoDB's are .json. */
function lastMigration(
  directory: string,
  ending: 'sql' | 'json',
  withdrawn: ReadonlySet<string>,
  system: System,
): number {
  const names = system.files.list(join(directory, 'migrations')) ?? [];
  const staying = names.filter((name) => name.endsWith(`.${ending}`) && !withdrawn.has(`migrations/${name}`));
  return Math.max(0, ...staying.map((name) => Number(/^(\d{1,9})_/.exec(name)?.[1] ?? 0)));
}

/** Tells whether a path is a step of the schema. */
export function isMigration(path: string): boolean {
  return /^migrations\/.*\.(sql|json)$/.test(path);
}
