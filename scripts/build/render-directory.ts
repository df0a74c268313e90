import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { catalogFrom } from '../../src/catalog/catalog-from.js';
import { compileTemplate } from '../../src/catalog/template/compile.js';
import { knownTo } from '../../src/manifest/known.js';
import { manifest } from '../../src/manifest/manifest.js';
import type { FileTree } from '../../src/render/file-tree.js';
import { helperNames } from '../../src/render/helpers/helpers.js';
import { render } from '../../src/render/render.js';
import { resolve } from '../../src/resolve/resolve.js';
import { readTemplates } from './read-templates.js';

/** Renders a manifest with the templates of a directory and writes the tree over what is in `outdir`; no plan, no lock. */
export function renderDirectory(templates: string, manifestFile: string, outdir: string): FileTree {
  const catalog = catalogFrom(readTemplates(templates), (file, text) => compileTemplate(file, text, helperNames));
  const tree = render(
    resolve(manifest(readFileSync(manifestFile, 'utf8'), manifestFile, knownTo(catalog)), catalog),
    catalog,
  );
  for (const entry of tree.entries) {
    const file = path.join(outdir, entry.path);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, entry.body);
    chmodSync(file, entry.mode);
  }
  return tree;
}
