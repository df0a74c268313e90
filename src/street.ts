import type { Catalog } from './catalog/catalog.js';
import type { Contract } from './contracts/contract.js';
import { type ContractSystem, contracts as readContracts } from './contracts/contracts.js';
import { type Derived, derive } from './derive/derive.js';
import { goModules } from './derive/go-modules.js';
import { jsonSchema } from './manifest/json-schema.js';
import { knownTo } from './manifest/known.js';
import { manifest } from './manifest/manifest.js';
import { schemaPath } from './manifest/manifest-text.js';
import type { FileEntry, FileTree } from './render/file-tree.js';
import { render } from './render/render.js';
import type { ServiceModel } from './resolve/model.js';
import { type ResolveOptions, resolve } from './resolve/resolve.js';
import type { System } from './system/system.js';

/** A service as it would be written, before anybody looked at the disk: every file, `service.yaml` and the derived ones among them. */
export interface RenderedService extends Derived {
  readonly model: ServiceModel;
}

/** A service as the templates give it, with its manifest: what follows from the tree is not in it. */
export interface RenderedTree {
  readonly model: ServiceModel;
  readonly tree: FileTree;
}

/**
 * Walks from the manifest to the rendered tree: manifest → resolve → render.
 *
 * @param text the manifest, which becomes `service.yaml` byte for byte
 * @param file its name in error messages
 * @param options contracts of its clients, and numbers that names have already; none for a new service
 * @throws UserError with every problem of the manifest
 */
export function renderTree(
  text: string | Uint8Array,
  file: string,
  catalog: Catalog,
  options: ResolveOptions = {},
): RenderedTree {
  const model = resolve(manifest(text, file, knownTo(catalog)), catalog, options);
  return { model, tree: withContracts(withManifest(render(model, catalog), text), options.contracts ?? []) };
}

/**
 * Walks the first half of the street: manifest → contracts → resolve → render → derive. What comes after, `plan` and `apply`, looks
 * at the disk and is the command's.
 *
 * @param text the manifest, which becomes `service.yaml` byte for byte
 * @param file its name in error messages; paths of contracts are relative to its folder
 * @param system what `contracts` may read and `derive` may start; only services with clients or .proto files need it
 * @throws UserError with every problem of the manifest
 */
export async function renderService(
  text: string | Uint8Array,
  file: string,
  catalog: Catalog,
  system: ContractSystem & Pick<System, 'wasm'>,
): Promise<RenderedService> {
  const contracts = await readContracts({ manifest: manifest(text, file, knownTo(catalog)), text, file }, system);
  const { model, tree } = renderTree(text, file, catalog, { contracts });
  return { model, ...(await derive(tree, goModules(model), system)) };
}

/** Adds the copies of the contracts. */
function withContracts({ entries }: FileTree, published: readonly Contract[]): FileTree {
  const common = { mode: 0o644, owner: 'clients', class: 'generated' } as const;
  const copies = published.flatMap(({ client, files }) =>
    files.map(({ path, body }): FileEntry => ({ ...common, path: `api/clients/${client}/${path}`, body })),
  );
  return { entries: [...entries, ...copies].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function withManifest({ entries }: FileTree, text: string | Uint8Array): FileTree {
  const body = typeof text === 'string' ? text : new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
  const common = { mode: 0o644, owner: 'service' } as const;
  const schema = `${JSON.stringify(jsonSchema(), undefined, 2)}\n`;
  const own: readonly FileEntry[] = [
    { ...common, path: 'service.yaml', body, class: 'yours' },
    { ...common, path: schemaPath, body: schema, class: 'generated' },
  ];
  return { entries: [...entries, ...own].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}
