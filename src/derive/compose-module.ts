import type { ModuleTable } from './module-table.js';

/** The two files of a Go module. */
export interface ModuleFiles {
  readonly mod: string;
  readonly sum: string;
}

/**
 * Composes go.mod and go.sum of a module from what it imports, as `go mod tidy` would, without Go and network.
 *
 * @param path the module's path
 * @param imports its external import paths, at least those of the table's base
 */
export function composeModule(path: string, imports: ReadonlySet<string>, table: ModuleTable): ModuleFiles {
  const rows = [...imports].flatMap((name) => table.imports[name] ?? []);
  const direct = ascending(rows.flatMap(({ module }) => module ?? []));
  const all = ascending([...table.base.modules, ...direct, ...rows.flatMap(({ modules }) => modules)]);
  const indirect = all.filter((index) => !direct.includes(index));
  const sums = ascending([...table.base.sums, ...rows.flatMap((row) => row.sums)]);
  return {
    mod: [
      `module ${path}\n\ngo ${table.go}\n`,
      requireBlock(direct, '', table),
      requireBlock(indirect, ' // indirect', table),
    ].join(''),
    sum: sums.map((index) => `${table.sums[index]}\n`).join(''),
  };
}

function ascending(indices: readonly number[]): readonly number[] {
  return [...new Set(indices)].sort((a, b) => a - b);
}

function requireBlock(indices: readonly number[], mark: string, { modules }: ModuleTable): string {
  const lines = indices.map((index) => `${modules[index]}${mark}`);
  if (lines.length === 0) return '';
  if (lines.length === 1) return `\nrequire ${lines[0]}\n`;
  return `\nrequire (\n${lines.map((line) => `\t${line}\n`).join('')})\n`;
}
