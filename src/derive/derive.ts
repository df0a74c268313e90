import type { FileEntry, FileTree } from '../render/file-tree.js';
import type { System } from '../system/system.js';
import { type GoModule, moduleFiles } from './module-files.js';
import { type LeftOut, protoGo } from './proto-go.js';

/** A tree with all that follows from it. */
export interface Derived {
  readonly tree: FileTree;
  /** What follows from the tree and is not in it, because this machine cannot compute it. */
  readonly leftOut?: LeftOut;
}

/**
 * Adds what follows from a tree: first the Go of its .proto files, then go.mod and go.sum of its Go modules, which also
 * need what that Go imports. A tree without .proto files starts no process.
 *
 * @throws UserError with every mistake in a .proto file
 * @throws Error, a bug of the templates, for an import of a rendered file that its table does not know
 */
export async function derive(
  tree: FileTree,
  modules: readonly GoModule[],
  system: Pick<System, 'wasm'>,
): Promise<Derived> {
  const { entries, leftOut } = await protoGo(tree, system);
  const generated = withEntries(tree, entries);
  const counted = leftOut ? withEntries(generated, leftOut.placeholders) : generated;
  const derived = withEntries(generated, moduleFiles(counted, modules));
  return { tree: derived, ...(leftOut && { leftOut }) };
}

/** The entries take the place of those with the same paths. */
function withEntries(tree: FileTree, entries: readonly FileEntry[]): FileTree {
  const paths = new Set(entries.map(({ path }) => path));
  const kept = tree.entries.filter(({ path }) => !paths.has(path));
  return { entries: [...kept, ...entries].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
