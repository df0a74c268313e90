import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { messageImports, serviceImports } from '../../src/derive/proto-go.js';
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
}

/** Returns every external import path that a module of this kind may import, sorted. */
export function importsOf({ base, groups }: ModuleSpec): readonly string[] {
  return sorted([...base, ...[...groups.values()].flat()]);
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
    },
    {
      name: 'devstack',
      pins: devstack,
      base: common([...standIns.values()].filter((imports) => imports.length > 0)),
      groups: standIns,
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
 * of the Go that is generated from templates of .proto files.
 */
function scan(folder: string): readonly string[] {
  const written = goFiles(folder).flatMap((file) => externalImports(readFileSync(file, 'utf8')));
  const protos = filesOf(folder, /\.proto\.hbs$/).map((file) => readFileSync(file, 'utf8'));
  const generated = protos.length === 0 ? [] : [...messageImports, ...serviceImports, ...protos.flatMap(wellKnown)];
  return sorted([...written, ...generated]);
}

/** The packages of protobuf's own files that a .proto file imports: `fieldmaskpb` for `google/protobuf/field_mask.proto`. */
function wellKnown(proto: string): readonly string[] {
  const imports = proto.matchAll(/^import "google\/protobuf\/(\w+)\.proto";$/gm);
  return [...imports].map(([, name = '']) => `google.golang.org/protobuf/types/known/${name.replaceAll('_', '')}pb`);
}

// A template is no Go file, so this looks for lines that can be nothing but an import; one too many only adds a row.
function externalImports(text: string): readonly string[] {
  const lines = text.matchAll(/^\s*(?:import )?(?:[\w.]+ )?"([\w-]+(?:\.[\w-]+)+\/[\w./~-]+)"$/gm);
  return [...lines].map(([, found = '']) => found);
}

function goFiles(folder: string): readonly string[] {
  return filesOf(folder, /\.go\.hbs$|(?<!_test)\.go$|^slots\/.*\.hbs$/);
}

function filesOf(folder: string, names: RegExp): readonly string[] {
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
