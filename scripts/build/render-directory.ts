import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { catalogFrom } from '../../src/catalog/catalog-from.js';
import { compileTemplate } from '../../src/catalog/template/compile.js';
import { leftOutText } from '../../src/derive/left-out-text.js';
import type { FileTree } from '../../src/render/file-tree.js';
import { helperNames } from '../../src/render/helpers/helpers.js';
import { renderService } from '../../src/street.js';
import { nodeSystem } from '../../src/system/node-system.js';
import { readTemplates } from './read-templates.js';

/** Renders a manifest with the templates of a directory and writes the tree over what is in `outdir`; no plan, no lock. */
export async function renderDirectory(templates: string, manifestFile: string, outdir: string): Promise<FileTree> {
  const catalog = catalogFrom(readTemplates(templates), (file, text) => compileTemplate(file, text, helperNames));
  const text = readFileSync(manifestFile, 'utf8');
  const { tree, leftOut } = await renderService(text, manifestFile, catalog, nodeSystem());
  if (leftOut) throw new Error(leftOutText(leftOut));
  for (const entry of tree.entries) {
    const file = path.join(outdir, entry.path);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, entry.body);
    chmodSync(file, entry.mode);
  }
  return tree;
}
