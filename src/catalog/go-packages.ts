import { type Diagnostic, UserError } from '../errors.js';
import { goImports } from '../go/imports.js';
import type { GoPackage, PackageFile } from './catalog.js';
import type { TemplateSources } from './catalog-from.js';
import { configKeys } from './config-keys.js';

/** Module path of templates/go.mod: imports that begin with it are rewritten when a package is copied. */
export const templatesModule = 'create-service/templates';

/** Where a package lies: its component's folder, its kind, and its folder below that. */
const packageFolder =
  /^(?:(?:service|components\/(?<component>[^/]+))\/(?<kind>platform|kernel)|devstack)\/(?<rest>.+)$/;

/** Where a kind of package goes in a service. */
const destination = { platform: 'internal/platform', kernel: 'internal', devstack: 'devstack' } as const;

/**
 * Returns the plain Go packages of the templates, sorted by their directory in a service. Tests and `testdata` stay here.
 *
 * @throws UserError when two packages would share a directory
 */
export function goPackages(sources: TemplateSources): readonly GoPackage[] {
  const packages = packageFolders(sources).map((folder) => goPackage(folder, sources));
  const shared = sharedDirectories(packages);
  if (shared.length > 0) throw new UserError('two Go packages have one name', { diagnostics: shared });
  return packages.sort((a, b) => (a.directory < b.directory ? -1 : 1));
}

/** Returns every folder that holds Go code other than tests. */
function packageFolders(sources: TemplateSources): readonly string[] {
  const goFiles = [...sources.keys()].filter(
    (path) => packageFolder.test(path) && path.endsWith('.go') && isShipped(path),
  );
  return [...new Set(goFiles.map((path) => path.slice(0, path.lastIndexOf('/'))))];
}

function isShipped(path: string): boolean {
  return !path.endsWith('_test.go') && !path.split('/').includes('testdata');
}

function goPackage(folder: string, sources: TemplateSources): GoPackage {
  const { component = 'service', kind, rest = '' } = packageFolder.exec(folder)?.groups ?? {};
  const place = destination[kind === 'platform' || kind === 'kernel' ? kind : 'devstack'];
  const files = packageFiles(folder, sources);
  const goFiles = files.filter((file) => file.name.endsWith('.go'));
  const imports = goFiles
    .flatMap((file) => goImports(file.body).map(({ path }) => path))
    .filter((path) => path.startsWith(`${templatesModule}/`));
  return {
    name: rest.slice(rest.lastIndexOf('/') + 1),
    owner: component,
    importPath: `${templatesModule}/${folder}`,
    directory: `${place}/${rest}`,
    imports: [...new Set(imports)].sort(),
    files,
    config: goFiles.flatMap((file) => configKeys(file.body)),
  };
}

/** Returns the package's Go files and what lies below its folder and belongs to no package of its own (embedded files). */
function packageFiles(folder: string, sources: TemplateSources): readonly PackageFile[] {
  const nested = packageFolders(sources).filter((other) => other.startsWith(`${folder}/`));
  return [...sources]
    .filter(([path]) => path.startsWith(`${folder}/`) && isShipped(path))
    .filter(([path]) => !nested.some((other) => path.startsWith(`${other}/`)))
    .map(([path, body]) => ({ name: path.slice(folder.length + 1), body }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function sharedDirectories(packages: readonly GoPackage[]): readonly Diagnostic[] {
  const owners = new Map<string, string>();
  return packages.flatMap(({ directory, importPath }) => {
    const other = owners.get(directory.toLowerCase());
    owners.set(directory.toLowerCase(), importPath);
    const file = importPath.slice(templatesModule.length + 1);
    return other === undefined ? [] : [{ file, line: 0, column: 0, message: `${directory} is also made by ${other}` }];
  });
}
