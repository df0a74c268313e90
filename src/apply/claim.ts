import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.js';
import type { ProcessIdentity } from '../system/processes.js';
import type { System } from '../system/system.js';
import { attempt, attemptUnless, isSystemError } from './failure.js';
import { removeTree } from './remove-tree.js';

/*
 * A transaction folder belongs to the process that its file `claim` names. The folder appears by a rename, with the
 * claim in it, so there is no moment in which it belongs to nobody. Whoever finds that the owner died claims the
 * folder `next` inside in the same way; the last claim of the chain counts. Nothing is ever claimed by removing another
 * claim, so two processes that find the same dead owner cannot both win.
 */

interface ClaimFile extends ProcessIdentity {
  /** When it was made: milliseconds since 1970, UTC. */
  readonly time: number;
}

/** How long a claim of another host counts, whose processes cannot be seen. An apply takes well under a second. */
const foreignClaimMs = 10 * 60_000;

/** What Linux, macOS and Windows answer when a directory is renamed to one that holds something. */
const occupied = ['ENOTEMPTY', 'EEXIST', 'EPERM', 'EACCES'];

/**
 * Makes the transaction folder, owned by this process.
 *
 * @throws UserError with code 3 when another run is at work there
 */
export function claim(folder: string, system: System): void {
  const prepared = prepare(folder, system);
  if (moveTo(prepared, folder, system)) return;
  discard(prepared, system);
  throw isOwned(folder, system) ? atWork(folder) : leftBehind(folder);
}

/**
 * Takes over the folder of a run that was cut off. Does nothing when there is no such folder.
 *
 * @returns whether the folder is there and now belongs to this process
 * @throws UserError with code 3 when its owner is still at work
 */
export function takeOver(folder: string, system: System): boolean {
  if (!system.files.status(folder)) return false;
  const prepared = prepare(folder, system);
  let slot = folder;
  while (!moveTo(prepared, slot, system)) {
    if (isOwnedSlot(slot, system)) return refuse(prepared, folder, system);
    slot = join(slot, 'next');
  }
  // A run may have begun a folder of its own between two steps of the loop.
  for (let outer = folder; outer !== slot; outer = join(outer, 'next')) {
    if (isOwnedSlot(outer, system)) return refuse(slot, folder, system);
  }
  return true;
}

/** Gives the folder up, which holds nothing but claims any more: the outermost first, so that it is owned to the end. */
export function release(folder: string, system: System): void {
  const slots: string[] = [];
  for (let slot = folder; system.files.status(slot); slot = join(slot, 'next')) slots.push(slot);
  for (const slot of slots) attemptUnless(['ENOENT'], slot, () => system.files.remove(join(slot, 'claim')));
  for (const slot of slots.reverse()) {
    attemptUnless(['ENOENT', ...occupied], slot, () => system.files.removeDirectory(slot));
  }
}

/** Removes what dead processes prepared beside the folder and never moved into place. */
export function sweep(folder: string, system: System): void {
  const directory = dirname(folder);
  const start = `${basename(folder)}-`;
  for (const name of namesIn(directory, system)) {
    if (name.startsWith(start) && !isOwnedName(name.slice(start.length), system)) {
      removeTree(join(directory, name), system);
    }
  }
}

// Whoever may not list a directory may still have a service in it.
function namesIn(directory: string, system: System): readonly string[] {
  let names: readonly string[] = [];
  attemptUnless(['EACCES', 'EPERM'], directory, () => {
    names = system.files.list(directory) ?? [];
  });
  return names;
}

function prepare(folder: string, system: System): string {
  const self = system.processes.self();
  const prepared = `${folder}-${self.pid}-${self.start}`;
  const content: ClaimFile = { ...self, time: system.now() };
  attempt(folder, () => system.files.makeDirectory(prepared));
  try {
    attempt(folder, () => system.files.create(join(prepared, 'claim'), `${JSON.stringify(content)}\n`, 0o644));
  } catch (error) {
    discard(prepared, system);
    throw error;
  }
  return prepared;
}

function moveTo(prepared: string, slot: string, system: System): boolean {
  try {
    system.files.rename(prepared, slot);
    return true;
  } catch (error) {
    if (isSystemError(error) && occupied.includes(error.code) && system.files.status(slot)) return false;
    discard(prepared, system);
    return attempt(slot, () => {
      throw error;
    });
  }
}

function discard(prepared: string, system: System): void {
  removeTree(prepared, system);
}

function refuse(mine: string, folder: string, system: System): never {
  discard(mine, system);
  throw atWork(folder);
}

function isOwned(folder: string, system: System): boolean {
  for (let slot = folder; system.files.status(slot); slot = join(slot, 'next')) {
    if (isOwnedSlot(slot, system)) return true;
  }
  return false;
}

function isOwnedSlot(slot: string, system: System): boolean {
  const bytes = system.files.read(join(slot, 'claim'));
  const found = bytes && parseClaim(Buffer.from(bytes).toString('utf8'));
  if (!found) return false;
  const self = system.processes.self();
  // An apply is one synchronous piece: a claim of this very process is what an earlier one could not clear up.
  if (found.pid === self.pid && found.start === self.start && found.host === self.host) return false;
  if (found.host !== self.host) return system.now() - found.time < foreignClaimMs;
  return system.processes.isAlive(found);
}

function isOwnedName(tag: string, system: System): boolean {
  const [, pid, start = ''] = /^(\d+)-(.*)$/.exec(tag) ?? [];
  if (pid === undefined) return true;
  return system.processes.isAlive({ host: system.processes.self().host, pid: Number(pid), start });
}

function parseClaim(text: string): ClaimFile | undefined {
  try {
    const { host, pid, start, time } = JSON.parse(text) as Partial<ClaimFile>;
    return typeof pid === 'number' ? { host: String(host), pid, start: String(start), time: Number(time) } : undefined;
  } catch {
    return undefined;
  }
}

function atWork(folder: string): UserError {
  return new UserError(`another create-service is at work in ${dirname(folder)}`, { exitCode: 3, hint: 'wait for it' });
}

function leftBehind(folder: string): UserError {
  return new UserError(`a run that was cut off left ${folder}`, { exitCode: 3, hint: 'run the command again' });
}
