import type { Catalog } from '../../src/catalog/catalog.js';
import type { Manifest } from '../../src/manifest/grammar.js';
import type { ServiceModel } from '../../src/resolve/model.js';
import { resolve } from '../../src/resolve/resolve.js';

/** Returns the smallest manifest with some keys said otherwise: a test states only what matters to it. */
export function aManifest(parts: Partial<Manifest> = {}): Manifest {
  return {
    apiVersion: 'create-service/v1',
    name: 'orders',
    module: 'github.com/acme/orders',
    owner: 'team-commerce',
    ...parts,
  };
}

/** Returns the model of {@link aManifest}. */
export function aModel(parts: Partial<Manifest>, catalog: Catalog): ServiceModel {
  return resolve(aManifest(parts), catalog);
}
