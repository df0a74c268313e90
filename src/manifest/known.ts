import type { Catalog } from '../catalog/catalog.js';
import type { JsonSchema } from './json-schema.js';

/** A component that exists. */
export interface KnownComponent {
  /** Schema of its options; absent: it has none. */
  readonly options?: JsonSchema;
  /** What of the model turns it on; absent: it is named under `components:`. */
  readonly impliedBy?: string;
}

/** What the stage must know of the catalog: which parts of the grammar are built, and which names are taken. */
export interface Known {
  /** Features that some component provides, such as `rest` and `mysql`. */
  readonly features: ReadonlySet<string>;
  readonly components: ReadonlyMap<string, KnownComponent>;
  /** Environment keys that a configuration key may not have, with who reads them. */
  readonly environmentKeys: ReadonlyMap<string, string>;
  /** Keys that each client has behind its prefix: `TIMEOUT`. */
  readonly clientKeys: ReadonlySet<string>;
}

const ofCatalogs = new WeakMap<Catalog, Known>();

/** Returns what the catalog says about manifests; for one catalog the same object. */
export function knownTo(catalog: Catalog): Known {
  const known = ofCatalogs.get(catalog) ?? knownOf(catalog);
  ofCatalogs.set(catalog, known);
  return known;
}

function knownOf({ components, packages }: Catalog): Known {
  const named = components.filter(({ name }) => name !== 'service' && !name.includes('+'));
  const perClient = new Set(components.filter(({ keysFor }) => keysFor === 'client').map(({ name }) => name));
  const keysOf = (isForClients: boolean) =>
    packages
      .filter(({ owner }) => perClient.has(owner) === isForClients)
      .flatMap(({ name, config }) => config.map(({ key }) => [key, name] as const));
  const ofComponents = components.flatMap(({ name, env }) => env.map(({ key }) => [key, name] as const));
  return {
    features: new Set(components.flatMap(({ provides }) => provides)),
    components: new Map(named.map(({ name, options, activeWhen: impliedBy }) => [name, { options, impliedBy }])),
    environmentKeys: new Map([...keysOf(false), ...ofComponents]),
    clientKeys: new Set(keysOf(true).map(([key]) => key)),
  };
}
