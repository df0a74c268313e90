import { posix } from 'node:path';
import type { FileStatus, Files } from './files.js';

type Node =
  | { readonly kind: 'directory'; mode: number }
  | { readonly kind: 'file'; mode: number; readonly body: Uint8Array }
  | { readonly kind: 'symlink'; mode: number; readonly to: string };

/** A file system in memory that tests can fill and look into. */
export interface MemoryFiles extends Files {
  /** Puts a symbolic link there. */
  link(path: string, to: string): void;
  /** Returns files that begin as these and then go their own way. */
  copy(): MemoryFiles;
  /** Everything under a directory, one line for each path: `0644 path text`. Equal snapshots are equal trees. */
  snapshot(directory: string): readonly string[];
}

/**
 * Returns a file system in memory, for tests. It gives the errors that POSIX gives; there is no umask and there are no
 * permissions. Directories on the way to a file of `initial` exist.
 */
export function memoryFiles(initial: Readonly<Record<string, string>> = {}): MemoryFiles {
  const nodes = new Map<string, Node>([['/', { kind: 'directory', mode: 0o755 }]]);
  const files = filesOf(nodes);
  for (const [path, body] of Object.entries(initial)) {
    makeParents(files, path);
    files.create(path, body, 0o644);
  }
  return files;
}

function makeParents(files: Files, path: string): void {
  const parent = posix.dirname(path);
  if (files.status(parent)) return;
  makeParents(files, parent);
  files.makeDirectory(parent);
}

function filesOf(nodes: Map<string, Node>): MemoryFiles {
  const followed = (path: string): string => follow(nodes, path);
  // The parent is followed, the name itself is not.
  const place = (path: string): string => posix.join(followed(posix.dirname(path)), posix.basename(path));
  const at = (path: string, call: string): Node => nodes.get(place(path)) ?? fail('ENOENT', call, path);
  const vacant = (path: string, call: string): string => {
    if (nodes.has(place(path))) fail('EEXIST', call, path);
    assertParent(nodes, place(path), call);
    return place(path);
  };
  const below = (path: string): string[] => {
    const prefix = path === '/' ? path : `${path}/`;
    return [...nodes.keys()].filter((key) => key !== '/' && key.startsWith(prefix)).sort();
  };

  return {
    status: (path) => statusOf(absentAsUndefined(() => nodes.get(place(path)))),
    read: (path) => {
      const node = absentAsUndefined(() => nodes.get(followed(path)));
      if (node?.kind === 'directory') fail('EISDIR', 'read', path);
      return node?.kind === 'file' ? node.body : undefined;
    },
    list: (path) => {
      const directory = absentAsUndefined(() => followed(path));
      if (directory === undefined || nodes.get(directory)?.kind !== 'directory') return undefined;
      const children = [...nodes.keys()].filter((key) => key !== '/' && posix.dirname(key) === directory);
      return children.map((key) => posix.basename(key)).sort();
    },
    realPath: (path) => (nodes.has(followed(path)) ? followed(path) : fail('ENOENT', 'realpath', path)),
    create: (path, body, mode) => {
      nodes.set(vacant(path, 'open'), { kind: 'file', mode, body: Buffer.from(body) });
    },
    append: (path, body) => {
      const node = absentAsUndefined(() => nodes.get(followed(path)));
      if (node?.kind === 'directory') fail('EISDIR', 'open', path);
      const old = node?.kind === 'file' ? node.body : new Uint8Array();
      const place = node ? followed(path) : vacant(path, 'open');
      nodes.set(place, { kind: 'file', mode: node?.mode ?? 0o644, body: Buffer.concat([old, Buffer.from(body)]) });
    },
    makeDirectory: (path) => {
      nodes.set(vacant(path, 'mkdir'), { kind: 'directory', mode: 0o755 });
    },
    rename: (from, to) => {
      const node = at(from, 'rename');
      const [source, target] = [place(from), place(to)];
      assertParent(nodes, target, 'rename');
      assertReplaceable(nodes.get(target), node, below(target).length, from, to);
      const moved = [source, ...below(source)].map((key) => [key, nodes.get(key)] as const);
      for (const [key] of moved) nodes.delete(key);
      for (const [key, value] of moved) if (value) nodes.set(target + key.slice(source.length), value);
    },
    remove: (path) => {
      if (at(path, 'unlink').kind === 'directory') fail('EISDIR', 'unlink', path);
      nodes.delete(place(path));
    },
    removeDirectory: (path) => {
      if (at(path, 'rmdir').kind !== 'directory') fail('ENOTDIR', 'rmdir', path);
      if (below(place(path)).length > 0) fail('ENOTEMPTY', 'rmdir', path);
      nodes.delete(place(path));
    },
    changeMode: (path, mode) => {
      at(path, 'chmod').mode = mode;
    },
    sync: (path) => void at(path, 'open'),
    copy: () => filesOf(new Map([...nodes].map(([key, node]) => [key, { ...node }]))),
    link: (path, to) => void nodes.set(vacant(path, 'symlink'), { kind: 'symlink', mode: 0o777, to }),
    snapshot: (directory) => below(directory).map((key) => describe(posix.relative(directory, key), nodes.get(key))),
  };
}

function statusOf(node: Node | undefined): FileStatus | undefined {
  return node && { kind: node.kind, mode: node.mode };
}

function assertParent(nodes: ReadonlyMap<string, Node>, path: string, call: string): void {
  const parent = nodes.get(posix.dirname(path));
  if (parent?.kind !== 'directory') fail(parent ? 'ENOTDIR' : 'ENOENT', call, path);
}

function assertReplaceable(old: Node | undefined, node: Node, children: number, from: string, to: string): void {
  if (!old) return;
  if (old.kind === 'directory' && node.kind !== 'directory') fail('EISDIR', 'rename', from, to);
  if (old.kind !== 'directory' && node.kind === 'directory') fail('ENOTDIR', 'rename', from, to);
  if (children > 0) fail('ENOTEMPTY', 'rename', from, to);
}

function follow(nodes: ReadonlyMap<string, Node>, path: string, depth = 0): string {
  if (depth > 40) return fail('ELOOP', 'open', path);
  let reached = '/';
  const names = path.split('/').filter(Boolean);
  for (const [index, name] of names.entries()) {
    const node = nodes.get(reached);
    if (node && node.kind !== 'directory') return fail('ENOTDIR', 'open', path);
    const next = posix.join(reached, name);
    const found = nodes.get(next);
    if (found?.kind === 'symlink') {
      return follow(nodes, posix.join(posix.resolve(reached, found.to), ...names.slice(index + 1)), depth + 1);
    }
    reached = next;
  }
  return reached;
}

function absentAsUndefined<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function describe(path: string, node: Node | undefined): string {
  const mode = node?.mode.toString(8).padStart(4, '0');
  if (node?.kind === 'file') return `${mode} ${path} ${Buffer.from(node.body).toString('utf8')}`;
  return node?.kind === 'symlink' ? `link ${path} -> ${node.to}` : `${mode} ${path}/`;
}

function fail(code: string, syscall: string, path: string, dest?: string): never {
  const error: NodeJS.ErrnoException = new Error(`${code}: ${syscall} '${path}'`);
  throw Object.assign(error, { code, syscall, path, ...(dest === undefined ? {} : { dest }) });
}
