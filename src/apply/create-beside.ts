import { join, posix } from 'node:path';
import type { System } from '../system/system.js';
import type { Change } from './change.js';
import { claim } from './claim.js';
import { attempt } from './failure.js';
import type { Site } from './site.js';
import { clear, quietly } from './transaction.js';

/**
 * Makes a service in a directory that does not exist: the whole tree, with missing parents, is made in the transaction
 * folder and appears by one rename. There is nothing to undo and no journal.
 */
export function createBeside(changes: readonly Change[], site: Site, system: System): void {
  claim(site.transaction, system);
  try {
    build(changes, site, system);
    appear(site, system);
  } finally {
    quietly(() => clear(site.transaction, system));
  }
}

function build(changes: readonly Change[], { anchor, missing, transaction }: Site, system: System): void {
  const staging = join(transaction, 'staged');
  const service = missing.join('/');
  const named = changes.map(({ path, after }) => ({ path: `${service}/${path}`, after }));
  for (const directory of ['', ...directoriesOf(named.map(({ path }) => path))]) {
    attempt(join(anchor, directory), () => system.files.makeDirectory(join(staging, directory)));
  }
  for (const { path, after } of named) {
    if (after) attempt(join(anchor, path), () => system.files.create(join(staging, path), after.body, after.mode));
  }
}

function appear({ anchor, missing: [first = ''], transaction }: Site, system: System): void {
  const place = join(anchor, first);
  attempt(place, () => system.files.rename(join(transaction, 'staged', first), place));
}

/** Returns every directory above the paths once, each after its parent. */
function directoriesOf(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (let parent = posix.dirname(path); parent !== '.' && !found.has(parent); parent = posix.dirname(parent)) {
      found.add(parent);
    }
  }
  return [...found].sort();
}
