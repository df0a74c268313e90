import type { ModuleTable } from '../../src/derive/module-table.js';

/** Returns a table as JSON with one module, checksum or row a line, so that a bump reads well in a diff. */
export function formatTable({ go, modules, sums, base, imports }: ModuleTable): string {
  const rows = Object.entries(imports).map(([path, row]) => `${JSON.stringify(path)}: ${JSON.stringify(row)}`);
  const parts = [
    `"go": ${JSON.stringify(go)}`,
    `"modules": [\n${lines(modules.map((module) => JSON.stringify(module)))}\n]`,
    `"sums": [\n${lines(sums.map((sum) => JSON.stringify(sum)))}\n]`,
    `"base": ${JSON.stringify(base)}`,
    `"imports": {\n${lines(rows)}\n}`,
  ];
  return `{\n${parts.join(',\n')}\n}\n`;
}

function lines(values: readonly string[]): string {
  return values.join(',\n');
}
