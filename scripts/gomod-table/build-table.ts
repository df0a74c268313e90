import type { ModuleTable } from '../../src/derive/module-table.js';
import { modOf, parseMod, type Requirements, readRequirements, tidy } from './go-module.js';
import { inParallel } from './in-parallel.js';
import { companions, importsOf, type ModuleSpec } from './module-spec.js';

/** What `go mod tidy` gives for one set of imports. */
interface Answer {
  readonly modules: readonly string[];
  readonly sums: readonly string[];
}

/**
 * Computes the table of a module: asks `go mod tidy` for the base, and for the base with each import.
 *
 * A row is computed on top of the base because a single import alone makes tidy add requirements that only preserve
 * versions, which the base makes superfluous. All rows use the versions that everything together selects. Where groups
 * come whole, an import is asked for with its group, for the same reason.
 */
export async function buildTable(spec: ModuleSpec): Promise<ModuleTable> {
  const imports = importsOf(spec);
  const all = await tidy(imports, readRequirements(spec.pins));
  const { go, modules } = parseMod(all.mod);
  const known = { modules: [...modules.keys()].sort(), sums: linesOf(all.sum) };
  const pins: Requirements = { mod: modOf(go, modules), sum: all.sum };
  const ask = (added: readonly string[]) => answer([...spec.base, ...added], pins, modules);

  const base = spec.base.length > 0 ? await ask([]) : { modules: [], sums: [] };
  const rows = await inParallel(imports, async (path) => {
    const isBase = spec.base.includes(path);
    const row = isBase ? base : inAll(await Promise.all(companions(path, spec).map(ask)));
    return [path, { module: known.modules.indexOf(ownerOf(path, known.modules)), ...added(row, base, known) }] as const;
  });
  return {
    go,
    modules: known.modules.map((path) => `${path} ${modules.get(path)}`),
    sums: known.sums,
    base: { imports: spec.base, ...indices(base, known) },
    imports: Object.fromEntries(rows),
  };
}

async function answer(
  imports: readonly string[],
  pins: Requirements,
  versions: ReadonlyMap<string, string>,
): Promise<Answer> {
  const { mod, sum } = await tidy(imports, pins);
  for (const [path, version] of parseMod(mod).modules) {
    if (versions.get(path) !== version) throw new Error(`${imports.at(-1)} moves ${path} to ${version}`);
  }
  return { modules: [...parseMod(mod).modules.keys()], sums: linesOf(sum) };
}

/** What all answers have: an import of several groups brings what each of them brings. */
function inAll(answers: readonly Answer[]): Answer {
  const [first = { modules: [], sums: [] }, ...others] = answers;
  return {
    modules: first.modules.filter((path) => others.every(({ modules }) => modules.includes(path))),
    sums: first.sums.filter((line) => others.every(({ sums }) => sums.includes(line))),
  };
}

function added(row: Answer, base: Answer, known: Answer): { modules: number[]; sums: number[] } {
  const lost = base.sums.filter((line) => !row.sums.includes(line));
  if (lost.length > 0) throw new Error(`an import takes lines of the base away: ${lost.join('; ')}`);
  return indices(
    {
      modules: row.modules.filter((path) => !base.modules.includes(path)),
      sums: row.sums.filter((line) => !base.sums.includes(line)),
    },
    known,
  );
}

function indices(row: Answer, known: Answer): { modules: number[]; sums: number[] } {
  return { modules: positions(row.modules, known.modules), sums: positions(row.sums, known.sums) };
}

function positions(values: readonly string[], all: readonly string[]): number[] {
  const found = values.map((value) => all.indexOf(value));
  if (found.includes(-1)) throw new Error(`only alone, not with everything else: ${values[found.indexOf(-1)]}`);
  return found.sort((a, b) => a - b);
}

/** The longest module path that is a prefix of the import path. */
function ownerOf(path: string, modules: readonly string[]): string {
  const owners = modules.filter((module) => path === module || path.startsWith(`${module}/`));
  const owner = owners.sort((a, b) => b.length - a.length)[0];
  if (owner === undefined) throw new Error(`no module of the pins has the package ${path}`);
  return owner;
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
