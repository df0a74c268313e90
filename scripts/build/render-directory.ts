import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { catalogFrom } from '../../src/catalog/catalog-from.js';
import { compileTemplate } from '../../src/catalog/template/compile.js';
import type { FileTree } from '../../src/render/file-tree.js';
import { helperNames } from '../../src/render/helpers/helpers.js';
import { renderService } from '../../src/street.js';
import { readTemplates } from './read-templates.js';

/** Renders a manifest with the templates of a directory and writes the tree over what is in `outdir`; no plan, no lock. */
export function renderDirectory(templates: string, manifestFile: string, outdir: string): FileTree {
  const catalog = catalogFrom(readTemplates(templates), (file, text) => compileTemplate(file, text, helperNames));
  const { tree } = renderService(readFileSync(manifestFile, 'utf8'), manifestFile, catalog);
  for (const entry of tree.entries) {
    const file = path.join(outdir, entry.path);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, entry.body);
    chmodSync(file, entry.mode);
  }
  return tree;
}
