import { parse } from 'yaml';
import { UserError } from '../errors.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';

/** A .proto file that belongs to a module of buf.yaml. */
export interface ProtoFile {
  /** Path that others import it by: relative to its module. */
  readonly path: string;
  /** Folder of its module in the tree; empty, or with a slash at its end. */
  readonly root: string;
  readonly entry: FileEntry;
}

/** A module of buf.yaml; paths are relative to the tree. */
interface Module {
  readonly root: string;
  readonly excludes: readonly string[];
}

/**
 * Returns the .proto files of which code is made: those in the modules that buf.yaml names, as `buf generate` does, or all
 * of them when there is none; and the contracts of other services below `api/clients`. Folders whose name begins with a dot hold none.
 *
 * @throws UserError when buf.yaml does not parse, or when two files are imported by one path
 */
export function protoFiles(tree: FileTree): readonly ProtoFile[] {
  const protos = tree.entries.filter(({ path }) => path.endsWith('.proto') && !/(^|\/)\./.test(path));
  if (protos.length === 0) return [];
  const modules = modulesOf(tree);
  const files = protos.flatMap((entry) => inModule(entry, modules));
  refuseTwins(files);
  return files;
}

function inModule(entry: FileEntry, modules: readonly Module[]): readonly ProtoFile[] {
  const module = modules.find(({ root }) => entry.path.startsWith(root));
  if (!module || module.excludes.some((folder) => entry.path.startsWith(folder))) return [];
  return [{ path: entry.path.slice(module.root.length), root: module.root, entry }];
}

function modulesOf({ entries }: FileTree): readonly Module[] {
  const file = entries.find(({ path }) => path === 'buf.yaml');
  const modules = file ? listOf(parsed(file), 'modules') : [];
  const own = modules.map((module) => ({
    root: folderOf((module as { readonly path?: unknown } | null)?.path ?? '.'),
    excludes: listOf(module, 'excludes').map(folderOf),
  }));
  return [...contractModules(entries), ...(own.length === 0 ? [{ root: '', excludes: [] }] : own)];
}

/** Returns the contracts of other services, each a module of its own: the Go of their .proto files is made here alone. */
function contractModules(entries: FileTree['entries']): readonly Module[] {
  const roots = entries.flatMap(({ path }) => /^api\/clients\/[^/]+\//.exec(path)?.[0] ?? []);
  return [...new Set(roots)].map((root) => ({ root, excludes: [] }));
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return Array.isArray(list) ? list : [];
}

/** `./api/proto` → `api/proto/`, `.` → ``. */
function folderOf(value: unknown): string {
  const names = String(value).split('/');
  return names.flatMap((name) => (name === '' || name === '.' ? [] : `${name}/`)).join('');
}

function parsed({ path, body }: FileEntry): unknown {
  try {
    return parse(body) as unknown;
  } catch (error) {
    const { message, linePos } = error as Error & { readonly linePos?: readonly { line: number; col: number }[] };
    const { line, col } = linePos?.[0] ?? { line: 0, col: 0 };
    const place = { file: path, line, column: col, message: message.split('\n')[0]?.replace(/ at line .*$/, '') ?? '' };
    throw new UserError(`${path} is not YAML`, { diagnostics: [place] });
  }
}

function refuseTwins(files: readonly ProtoFile[]): void {
  const seen = new Map<string, FileEntry>();
  for (const { path, entry } of files) {
    const twin = seen.get(path);
    if (twin) {
      const message = `is imported by the same path as ${twin.path}`;
      throw new UserError('two .proto files have one import path', {
        diagnostics: [{ file: entry.path, line: 0, column: 0, message, allowed: `one file ${path} in all modules` }],
      });
    }
    seen.set(path, entry);
  }
}
