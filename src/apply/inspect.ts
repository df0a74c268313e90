import { join, posix, relative } from 'node:path';
import { UserError } from '../errors.js';
import { digest } from '../lock/digest.js';
import { isServicePath } from '../lock/service-path.js';
import type { System } from '../system/system.js';
import type { Change } from './change.js';
import { attempt } from './failure.js';
import type { EmptiedDirectory, Journal } from './journal.js';
import type { Expected } from './lock-of.js';

/**
 * Looks whether changes can be made, before anything is written, and which directories come and go with them.
 *
 * @param target absolute path of an existing directory, without symbolic links
 * @throws UserError with code 3 when a path does not hold what the change expects, or leads out of the target
 */
export function inspect(changes: readonly Change[], target: string, system: System): Pick<Journal, 'made' | 'emptied'> {
  const parents = new ParentDirectories(target, system);
  const made = new Set<string>();
  const emptied = new Set<string>();
  const removed = new Set(changes.flatMap(({ path, after }) => (after ? [] : [path.toLowerCase()])));
  for (const change of changes) {
    const missing = parents.missing(change.path);
    for (const directory of missing) made.add(directory);
    if (missing.length === 0 && !isRespelled(change, removed)) assertExpected(change, target, system);
    if (!change.after) for (const directory of ancestors(change.path)) emptied.add(directory);
  }
  return {
    made: [...made].sort(),
    emptied: [...emptied]
      .sort()
      .reverse()
      .flatMap((path) => modeOf(path, target, system)),
  };
}

/** On a file system that ignores case, a file whose new name differs in case alone seems to be there already. */
function isRespelled({ path, before }: Change, removed: ReadonlySet<string>): boolean {
  return !before && removed.has(path.toLowerCase());
}

function modeOf(path: string, target: string, system: System): readonly EmptiedDirectory[] {
  const status = system.files.status(join(target, path));
  return status?.kind === 'directory' ? [{ path, mode: status.mode }] : [];
}

/** The directories above the paths of one target, each looked at once. */
export class ParentDirectories {
  private readonly known = new Map<string, boolean>();
  private readonly target: string;
  private readonly system: System;

  constructor(target: string, system: System) {
    this.target = target;
    this.system = system;
  }

  /**
   * Returns the directories above a path that do not exist, the outermost first.
   *
   * @throws UserError with code 3 when a parent is no directory, or is a link that leads out of the target
   */
  missing(path: string): readonly string[] {
    return ancestors(path)
      .reverse()
      .filter((directory) => !this.exists(directory));
  }

  private exists(directory: string): boolean {
    const known = this.known.get(directory) ?? this.look(directory);
    this.known.set(directory, known);
    return known;
  }

  private look(directory: string): boolean {
    const place = join(this.target, directory);
    const kind = this.system.files.status(place)?.kind;
    if (kind === undefined) return false;
    if (kind === 'symlink') this.assertInside(place);
    else if (kind !== 'directory') throw blocked(place, 'a file stands where a directory is needed');
    return true;
  }

  private assertInside(link: string): void {
    const real = attempt(link, () => this.system.files.realPath(link));
    const inside = relative(this.target, real);
    const isInside = inside === '' || isServicePath(inside.replaceAll('\\', '/'));
    if (!isInside) throw blocked(link, `it is a symbolic link that leads out of ${this.target}`);
    if (this.system.files.status(real)?.kind !== 'directory')
      throw blocked(link, 'it is a symbolic link to no directory');
  }
}

/** Returns the directories above a path, the innermost first. */
function ancestors(path: string): string[] {
  const parent = posix.dirname(path);
  return parent === '.' ? [] : [parent, ...ancestors(parent)];
}

/**
 * Looks whether files are as they were read.
 *
 * @throws UserError with code 3 that names the first that is not
 */
export function assertUnchanged(files: readonly Expected[], target: string, system: System): void {
  for (const { path, sha256 } of files) assertHolds(join(target, path), sha256, system);
}

function assertExpected({ path, before }: Change, target: string, system: System): void {
  const place = join(target, path);
  if (before) return assertHolds(place, before.sha256, system);
  if (system.files.status(place)) throw blocked(place, 'something is there already');
}

function assertHolds(place: string, sha256: string, system: System): void {
  const isFile = system.files.status(place)?.kind === 'file';
  const bytes = isFile ? attempt(place, () => system.files.read(place)) : undefined;
  if (!bytes || digest(bytes) !== sha256) throw blocked(place, 'it changed since it was read', 'run the command again');
}

function blocked(path: string, cause: string, hint?: string): UserError {
  return new UserError(`cannot write ${path}: ${cause}`, { exitCode: 3, ...(hint !== undefined && { hint }) });
}
