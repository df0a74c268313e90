import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { goModules } from '../../src/derive/go-modules.js';
import type { ModuleTable } from '../../src/derive/module-table.js';
import { formatTable } from './format-table.js';
import { parseMod } from './go-module.js';
import { importsOf, moduleSpecs } from './module-spec.js';
import { proveTable } from './prove-table.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const refresh = 'run `node scripts/gomod-table.mjs refresh` and commit src/derive/tables';
const tables = new Map(goModules({ module: 'e.org/x' }).map(({ directory, table }) => [directory || 'service', table]));

const hasGo = ((): boolean => {
  try {
    execFileSync('go', ['version']);
    return true;
  } catch {
    return false;
  }
})();

describe.each(moduleSpecs(root))('the table $name', (spec) => {
  const table = tables.get(spec.name) ?? expect.fail(`no table ${spec.name}`);

  it('has a row for everything that templates import', () => {
    expect(importsOf(spec).length).toBeGreaterThan(5);
    expect(Object.keys(table.imports), refresh).toEqual(importsOf(spec));
    expect(table.base.imports, refresh).toEqual(spec.base);
  });

  it('has the versions that go.mod pins', () => {
    const pins = parseMod(readFileSync(path.join(spec.pins, 'go.mod'), 'utf8'));
    expect(table.go, refresh).toBe(pins.go);
    const versions = table.modules.map((module) => module.split(' ') as [string, string]);
    expect(
      versions.filter(([name, version]) => (pins.modules.get(name) ?? version) !== version),
      refresh,
    ).toEqual([]);
  });

  it('is stored as it is written', () => {
    const file = path.join(root, 'src/derive/tables', `${spec.name}.json`);
    expect(formatTable(table)).toBe(readFileSync(file, 'utf8'));
  });

  it.skipIf(!hasGo)(
    'gives what go mod tidy wants (skipped without Go)',
    async () => {
      const { sets, disproofs } = await proveTable(spec, table, 4);
      expect(disproofs).toEqual([]);
      expect(sets).toBeGreaterThan(spec.wholeGroups ? 1 : 30);
    },
    300_000,
  );

  it.skipIf(!hasGo)(
    'would be disproved if a checksum or a module were missing (skipped without Go)',
    async () => {
      const broken = (['sums', 'modules'] as const).map((what) => without(table, what));
      for (const one of broken) {
        const groups = spec.base.length > 0 ? new Map([['base', spec.base]]) : spec.groups;
        const { disproofs } = await proveTable({ ...spec, groups }, one, 0);
        expect(disproofs.length).toBeGreaterThan(0);
      }
    },
    120_000,
  );
});

/** Returns the table without the first checksum or module of the base or, where there is no base, of each row. */
function without(table: ModuleTable, what: 'sums' | 'modules'): ModuleTable {
  const shorter = <Row extends Pick<ModuleTable['base'], 'sums' | 'modules'>>(row: Row): Row => ({
    ...row,
    [what]: row[what].slice(1),
  });
  if (table.base.imports.length > 0) return { ...table, base: shorter(table.base) };
  const rows = Object.entries(table.imports).map(([name, row]) => [name, shorter(row)] as const);
  return { ...table, imports: Object.fromEntries(rows) };
}
