import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Catalog } from '../../src/catalog/catalog.js';
import { contracts } from '../../src/contracts/contracts.js';
import { knownTo } from '../../src/manifest/known.js';
import { manifest } from '../../src/manifest/manifest.js';
import type { FileTree } from '../../src/render/file-tree.js';
import { render } from '../../src/render/render.js';
import { resolve } from '../../src/resolve/resolve.js';
import { nodeSystem } from '../../src/system/node-system.js';
import { root } from './source-files.js';

/** A manifest of the repository that tests render. */
export interface Sample {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** Manifests whose services are also compiled, linted and tested, and those that are only rendered. */
const folders = ['test/services/manifests', 'test/golden/manifests'];

/** Returns the manifests of the matrix. */
export function matrix(): readonly Sample[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => sample(name.slice(0, -'.yaml'.length), `${folder}/${name}`)),
  );
}

/** Returns the manifests of the examples. */
export function examples(): readonly Sample[] {
  return readdirSync(path.join(root, 'examples')).map((name) => sample(name, `examples/${name}/service.yaml`));
}

function sample(name: string, file: string): Sample {
  return { name, file, text: readFileSync(path.join(root, file), 'utf8') };
}

/** Renders a manifest with a catalog, and with the contracts of other services that it names: no derived files. */
export async function renderSample({ file, text }: Sample, catalog: Catalog): Promise<FileTree> {
  const written = manifest(text, file, knownTo(catalog));
  const published = await contracts({ manifest: written, text, file }, { ...nodeSystem(), cwd: root });
  return render(resolve(written, catalog, { contracts: published }), catalog);
}
