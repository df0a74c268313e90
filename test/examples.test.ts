import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { applyPatch, parsePatch, type StructuredPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../src/catalog/load.js';
import type { FileEntry, FileTree } from '../src/render/file-tree.js';
import { renderService } from '../src/street.js';
import { nodeSystem } from '../src/system/node-system.js';
import { expectTree, listFiles } from './support/expect-tree.js';
import { root } from './support/source-files.js';

/** Below an example, but not rendered: the patches, and what an update records. */
const ignored = ['edits', '.create-service'];

/** Returns the tree with the example's patches applied: what people changed in the files that they own. */
function edited({ entries }: FileTree, folder: string): readonly FileEntry[] {
  const patches = listFiles(folder).flatMap((file) => parsePatch(readFileSync(path.join(folder, file), 'utf8')));
  return patches.reduce((files, patch) => {
    const name = (patch.newFileName ?? '').replace(/^b\//, '');
    if (patch.oldFileName === '/dev/null') return files.concat(added(name, patch));
    const file = files.find((entry) => entry.path === name) ?? expect.fail(`${folder}: no file ${name} is rendered`);
    expect(['yours', 'managed'], `${name} belongs to nobody who edits it`).toContain(file.class);
    const body = applyPatch(file.body, patch);
    if (body === false) return expect.fail(`${folder}: the patch of ${name} does not apply`);
    return files.map((entry) => (entry === file ? { ...file, body } : entry));
  }, entries);
}

/** Returns a file that people added. */
function added(name: string, patch: StructuredPatch): FileEntry {
  const body = applyPatch('', patch) || expect.fail(`the patch that adds ${name} does not apply`);
  return { path: name, body, mode: 0o644, owner: 'people', class: 'yours' };
}

describe.each(readdirSync(path.join(root, 'examples')))('examples/%s', (name) => {
  it('is what its manifest renders, with its edits', async () => {
    const directory = path.join(root, 'examples', name);
    const manifest = readFileSync(path.join(directory, 'service.yaml'), 'utf8');
    const { tree } = await renderService(manifest, 'service.yaml', await loadCatalog(), {
      ...nodeSystem(),
      cwd: directory,
    });
    expectTree(directory, edited(tree, path.join(directory, 'edits')), ignored);
  });
});
