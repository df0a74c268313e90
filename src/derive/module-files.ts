import { UserError } from '../errors.js';
import { goImports } from '../go/imports.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import { composeModule } from './compose-module.js';
import type { ModuleTable } from './module-table.js';

/** A Go module of a service. */
export interface GoModule {
  /** Its folder in the service, with forward slashes; empty for the root. */
  readonly directory: string;
  /** Its path: `github.com/acme/orders`. */
  readonly path: string;
  readonly table: ModuleTable;
}

/** Whether an import that no table knows is an error, or is left to whoever wrote it. */
export type Strangers = 'refused' | 'ignored';

/**
 * Returns go.mod and go.sum of the Go modules in a tree. A module without Go files has none.
 *
 * @param strangers `ignored` for a tree that people edited: what they import they require themselves
 * @throws UserError for an import that its table does not know, of a derived file
 * @throws Error, a bug of the templates, for one of any other file; both name file and import
 */
export function moduleFiles(
  tree: FileTree,
  modules: readonly GoModule[],
  strangers: Strangers = 'refused',
): readonly FileEntry[] {
  return modules.flatMap((module) => moduleEntries(goFilesOf(module, modules, tree), module, strangers));
}

function moduleEntries(
  files: readonly FileEntry[],
  { directory, path, table }: GoModule,
  strangers: Strangers,
): readonly FileEntry[] {
  if (files.length === 0) return [];
  const imports = new Set(files.flatMap((file) => externalImports(file, path, table, strangers)));
  if (strangers === 'refused') assertBase(imports, path, table);
  const { mod, sum } = composeModule(path, imports, table);
  const common = { mode: 0o644, owner: 'service' } as const;
  return [
    { ...common, path: inside(directory, 'go.mod'), body: mod, class: directory === '' ? 'managed' : 'generated' },
    { ...common, path: inside(directory, 'go.sum'), body: sum, class: 'derived' },
  ];
}

function goFilesOf(module: GoModule, all: readonly GoModule[], tree: FileTree): readonly FileEntry[] {
  return tree.entries.filter(({ path }) => isGoFile(path) && ownerOf(path, all) === module);
}

/** The innermost module around a path. */
function ownerOf(path: string, modules: readonly GoModule[]): GoModule | undefined {
  const around = modules.filter(({ directory }) => path.startsWith(inside(directory, '')));
  return around.sort((a, b) => b.directory.length - a.directory.length)[0];
}

// The go command reads no folder or file whose name begins with a dot or an underscore, and no testdata.
function isGoFile(path: string): boolean {
  return path.endsWith('.go') && path.split('/').every((name) => !/^[._]|^testdata$/.test(name));
}

function externalImports(file: FileEntry, module: string, table: ModuleTable, strangers: Strangers): readonly string[] {
  const paths = goImports(file.body).map(({ path }) => path);
  const external = paths.filter((path) => isExternal(path) && path !== module && !path.startsWith(`${module}/`));
  const unknown = external.find((path) => !Object.hasOwn(table.imports, path));
  if (unknown !== undefined && strangers === 'refused') throw lacking(file, unknown);
  return external.filter((path) => Object.hasOwn(table.imports, path));
}

/** What a derived file imports follows from what people wrote; what a rendered one imports, from the templates. */
function lacking(file: FileEntry, path: string): Error {
  if (file.class !== 'derived') return new Error(`${file.path} imports ${path}, which the module table lacks`);
  const message = `imports ${path}, of which this tool knows no version`;
  const hint = 'import only .proto files of this service and of google/protobuf';
  return new UserError('the .proto files need a Go package from elsewhere', {
    diagnostics: [{ file: file.path, line: 0, column: 0, message, hint }],
  });
}

/** Only the standard library has paths whose first element holds no dot. */
function isExternal(path: string): boolean {
  return path.slice(0, `${path}/`.indexOf('/')).includes('.');
}

// The rows were computed on top of the base and are wrong without it.
function assertBase(imports: ReadonlySet<string>, module: string, table: ModuleTable): void {
  const absent = table.base.imports.filter((path) => !imports.has(path));
  if (absent.length > 0)
    throw new Error(`module ${module} does not import ${absent.join(', ')}, which its table assumes`);
}

function inside(directory: string, path: string): string {
  return directory === '' ? path : `${directory}/${path}`;
}
