import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { knownImports, messageImports, serviceImports } from '../../src/derive/proto-imports.js';
import { goImports } from '../../src/go/imports.js';

/** One table: where its pins are, and what the module of a service may import. */
export interface ModuleSpec {
  /** Name of the table: `service`. */
  readonly name: string;
  /** Absolute path of the folder that holds the pins: a go.mod with its go.sum. */
  readonly pins: string;
  /** What every module of this kind imports, sorted. */
  readonly base: readonly string[];
  /** What the parts of `templates/` import beside that, by component, package or folder; each sorted. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  /** The imports of what enters a module as a whole: a plain Go package, or one rendered file. */
  readonly units: readonly (readonly string[])[];
  /** A module has all imports of a group or none of those that the group has for itself. */
  readonly wholeGroups: boolean;
}

/** Returns every external import path that a module of this kind may import, sorted. */
export function importsOf({ base, groups }: ModuleSpec): readonly string[] {
  return sorted([...base, ...[...groups.values()].flat()]);
}

/** Returns the imports that come with one: all of its group's, where groups come whole. */
export function companions(path: string, { groups, wholeGroups }: ModuleSpec): readonly (readonly string[])[] {
  return wholeGroups ? [...groups.values()].filter((imports) => imports.includes(path)) : [[path]];
}

/** Reads which tables there are. */
export function moduleSpecs(root: string): readonly ModuleSpec[] {
  const templates = path.join(root, 'templates');
  const devstack = path.join(templates, 'devstack');
  const standIns = new Map(names(devstack).map((folder) => [folder, scan(path.join(devstack, folder))]));
  const parts = ['service', ...names(path.join(templates, 'components')).map((name) => `components/${name}`)];
  return [
    {
      name: 'service',
      pins: templates,
      base: serviceBase(templates),
      groups: new Map(parts.map((part) => [part, scan(path.join(templates, part))])),
      units: parts.flatMap((part) => unitsBelow(path.join(templates, part))),
      wholeGroups: false,
    },
    {
      name: 'devstack',
      pins: devstack,
      base: common([...standIns.values()].filter((imports) => imports.length > 0)),
      groups: standIns,
      units: [...standIns.values()],
      wholeGroups: true,
    },
  ];
}

/** What the platform packages import that the wiring of every service reaches. */
function serviceBase(templates: string): readonly string[] {
  const wiring = readFileSync(path.join(templates, 'service/files/internal/app/wire_gen.go.hbs'), 'utf8');
  const packages = [...wiring.matchAll(/"\{\{module\}\}\/internal\/platform\/(\w+)"/g)].map(([, name = '']) => name);
  const reached = new Set<string>();
  const visit = (name: string): readonly string[] => {
    if (reached.has(name)) return [];
    reached.add(name);
    const imports = goFiles(path.join(templates, 'service/platform', name)).flatMap((file) =>
      goImports(readFileSync(file, 'utf8')).map((one) => one.path),
    );
    const own = /^create-service\/templates\/service\/platform\/(\w+)$/;
    return [...imports.filter(isExternal), ...imports.flatMap((one) => visit(own.exec(one)?.[1] ?? ''))];
  };
  reached.add('');
  return sorted(packages.flatMap(visit));
}

/**
 * Returns the external imports below a folder: of Go files that services copy, of Go templates and of slot fragments, and
 * where there are .proto files, of the Go that is generated from them, also when people change them.
 */
function scan(folder: string): readonly string[] {
  const written = goFiles(folder).flatMap((file) => externalImports(readFileSync(file, 'utf8')));
  const isProto = filesBelow(folder, /\.proto\.hbs$/).length > 0;
  return sorted([...written, ...(isProto ? [...messageImports, ...serviceImports, ...knownImports] : [])]);
}

/** A package is copied with all its files, so what they import comes together. */
function unitsBelow(folder: string): readonly (readonly string[])[] {
  const units = new Map<string, readonly string[]>();
  for (const file of goFiles(folder)) {
    const unit = file.endsWith('.go') ? path.dirname(file) : file;
    units.set(unit, sorted([...(units.get(unit) ?? []), ...externalImports(readFileSync(file, 'utf8'))]));
  }
  return [...units.values()].filter((imports) => imports.length > 0);
}

// A template is no Go file, so this looks for lines that can be nothing but an import; one too many only adds a row.
function externalImports(text: string): readonly string[] {
  const lines = text.matchAll(/^\s*(?:import )?(?:[\w.]+ )?"([\w-]+(?:\.[\w-]+)+\/[\w./~-]+)"$/gm);
  return [...lines].map(([, found = '']) => found);
}

function goFiles(folder: string): readonly string[] {
  return filesBelow(folder, /\.go\.hbs$|(?<!_test)\.go$|^slots\/.*\.hbs$/);
}

function filesBelow(folder: string, names: RegExp): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => names.test(name))
    .map((name) => path.join(folder, name));
}

function names(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

function common([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  return first.filter((value) => others.every((other) => other.includes(value)));
}

function isExternal(name: string): boolean {
  return name.slice(0, name.indexOf('/')).includes('.');
}

function sorted(values: Iterable<string>): readonly string[] {
  return [...new Set(values)].sort();
}
