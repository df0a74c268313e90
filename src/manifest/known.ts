import type { Catalog } from '../catalog/catalog.js';
import type { JsonSchema } from './json-schema.js';

/** What the stage must know of the catalog: which parts of the grammar are built, and which names are taken. */
export interface Known {
  /** Features that some component provides, such as `rest` and `mysql`. */
  readonly features: ReadonlySet<string>;
  /** Components that may stand under `components:`, with the schema of their options. */
  readonly components: ReadonlyMap<string, JsonSchema | undefined>;
  /** Environment keys that a configuration key may not have, with who reads them. */
  readonly environmentKeys: ReadonlyMap<string, string>;
}

/** Returns what the catalog says about manifests. */
export function knownTo({ components, packages }: Catalog): Known {
  const named = components.filter(({ name }) => name !== 'service' && !name.includes('+'));
  const ofPackages = packages.flatMap(({ name, config }) => config.map(({ key }) => [key, name] as const));
  const ofComponents = components.flatMap(({ name, env }) => env.map(({ key }) => [key, name] as const));
  return {
    features: new Set(components.flatMap(({ provides }) => provides)),
    components: new Map(named.map(({ name, options }) => [name, options as JsonSchema | undefined])),
    environmentKeys: new Map([...ofPackages, ...ofComponents]),
  };
}
