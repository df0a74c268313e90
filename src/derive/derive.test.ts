import { describe, expect, it } from 'vitest';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import { memorySystem } from '../system/memory-system.js';
import { derive } from './derive.js';
import { goModules } from './go-modules.js';
import type { ModuleTable } from './module-table.js';

/** Every service imports a.org/a; b.org/b/v2 brings c.org/c, which a.org/a also needs for its checksum. */
const table: ModuleTable = {
  go: '1.26.0',
  modules: ['a.org/a v1.2.0', 'b.org/b/v2 v2.0.0', 'c.org/c v0.1.0', 'd.org/d v0.0.1'],
  sums: [
    'a.org/a v1.2.0 h1:a',
    'a.org/a v1.10.0 h1:aa',
    'b.org/b/v2 v2.0.0 h1:b',
    'c.org/c v0.1.0 h1:c',
    'd.org/d v0.0.1 h1:d',
  ],
  base: { imports: ['a.org/a/deep'], modules: [0, 3], sums: [0, 4] },
  imports: {
    'a.org/a/deep': { module: 0, modules: [], sums: [] },
    'b.org/b/v2': { module: 1, modules: [1, 2], sums: [2, 3] },
    'c.org/c/x': { module: 2, modules: [2], sums: [1, 3] },
  },
};

function goFile(path: string, ...imports: readonly string[]): FileEntry {
  const lines = imports.map((one) => `\t"${one}"\n`).join('');
  return { path, body: `package x\n\nimport (\n${lines})\n`, mode: 0o644, owner: 'service', class: 'yours' };
}

/** Trees without .proto files need nothing of the system, so this one throws when it is used. */
async function derived(files: readonly FileEntry[], directory = ''): Promise<FileTree> {
  const { tree } = await derive({ entries: files }, [{ directory, path: 'e.org/orders', table }], memorySystem());
  return tree;
}

function bodyOf(tree: FileTree, path: string): string | undefined {
  return tree.entries.find((entry) => entry.path === path)?.body;
}

describe('derive', () => {
  it('gives direct and indirect requirements blocks of their own, and the union of the checksums', async () => {
    const tree = await derived([
      goFile('z.go', 'fmt', 'b.org/b/v2'),
      goFile('cmd/a.go', 'a.org/a/deep', 'e.org/orders/internal/x'),
    ]);
    expect(bodyOf(tree, 'go.mod')).toBe(
      'module e.org/orders\n\ngo 1.26.0\n\nrequire (\n\ta.org/a v1.2.0\n\tb.org/b/v2 v2.0.0\n)\n\n' +
        'require (\n\tc.org/c v0.1.0 // indirect\n\td.org/d v0.0.1 // indirect\n)\n',
    );
    expect(bodyOf(tree, 'go.sum')).toBe(
      'a.org/a v1.2.0 h1:a\nb.org/b/v2 v2.0.0 h1:b\nc.org/c v0.1.0 h1:c\nd.org/d v0.0.1 h1:d\n',
    );
    expect(tree.entries.map(({ path }) => path)).toEqual(['cmd/a.go', 'go.mod', 'go.sum', 'z.go']);
  });

  it('calls a module direct as soon as one file imports it', async () => {
    const tree = await derived([goFile('a.go', 'a.org/a/deep', 'b.org/b/v2', 'c.org/c/x')]);
    expect(bodyOf(tree, 'go.mod')).toContain(
      '\tb.org/b/v2 v2.0.0\n\tc.org/c v0.1.0\n)\n\nrequire d.org/d v0.0.1 // indirect\n',
    );
  });

  it('gives each module its own files, from the Go files in it', async () => {
    const { tree } = await derive(
      { entries: [goFile('a.go', 'a.org/a/deep'), goFile('devstack/a.go', 'a.org/a/deep', 'c.org/c/x')] },
      [
        { directory: '', path: 'e.org/orders', table },
        { directory: 'devstack', path: 'e.org/orders/devstack', table },
      ],
      memorySystem(),
    );
    expect(bodyOf(tree, 'go.mod')).not.toContain('c.org');
    expect(bodyOf(tree, 'devstack/go.mod')).toMatch(/^module e.org\/orders\/devstack\n[\s\S]*\tc.org\/c v0.1.0\n/);
    expect(tree.entries.map(({ path, class: ownership }) => [path, ownership])).toEqual([
      ['a.go', 'yours'],
      ['devstack/a.go', 'yours'],
      ['devstack/go.mod', 'generated'],
      ['devstack/go.sum', 'derived'],
      ['go.mod', 'managed'],
      ['go.sum', 'derived'],
    ]);
  });

  it('makes no module where no Go file is, and reads none that the go command ignores', async () => {
    expect((await derived([goFile('a.go', 'a.org/a/deep')], 'devstack')).entries).toHaveLength(1);
    const ignored = ['_x/a.go', '.x/a.go', 'testdata/a.go', '.create-service/base/a.go'].map((path) =>
      goFile(path, 'x.org/x'),
    );
    const tree = await derived([goFile('a.go', 'a.org/a/deep'), ...ignored]);
    expect(bodyOf(tree, 'go.mod')).not.toContain('x.org');
  });

  it('names the file and the import that the table lacks', async () => {
    await expect(derived([goFile('a.go', 'a.org/a/deep'), goFile('internal/b.go', 'x.org/x')])).rejects.toThrow(
      'internal/b.go imports x.org/x, which the module table lacks',
    );
  });

  it('refuses a module without the imports that the table assumes', async () => {
    await expect(derived([goFile('a.go', 'c.org/c/x')])).rejects.toThrow('does not import a.org/a/deep');
  });
});

describe.each(goModules({ module: 'e.org/orders' }))('the table of "$directory"', ({ table: real }) => {
  it('is sorted, and every row points into it', () => {
    expect(real.modules).toEqual([...real.modules].sort());
    const rows = [real.base, ...Object.values(real.imports)];
    for (const row of rows) {
      expect(row.modules.every((index) => real.modules[index])).toBe(true);
      expect(row.sums.every((index) => real.sums[index])).toBe(true);
    }
  });

  it('has a checksum of the go.mod of every module', () => {
    for (const module of real.modules)
      expect(real.sums).toContainEqual(
        expect.stringMatching(`^${module.replaceAll('.', '\\.').replaceAll('+', '\\+')}/go\\.mod h1:`),
      );
  });
});
