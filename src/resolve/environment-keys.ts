import type { Catalog, Component } from '../catalog/catalog.js';
import type { ConfigKey, EnvKey } from './model.js';

/**
 * Returns every environment key of a service: those of the Go packages that the active components own or reach, then
 * the components' own, then the manifest's. The same key of two owners is listed once.
 */
export function environmentKeys(
  { packages }: Catalog,
  active: readonly Component[],
  config: readonly ConfigKey[],
): readonly EnvKey[] {
  const owners = new Set(active.map(({ name }) => name));
  const declared = packages.filter(({ owner }) => owners.has(owner)).flatMap(packageKeys);
  const further = active.flatMap(componentKeys);
  const all = [...declared, ...further, ...config.map(ownKey)];
  return all.filter((each, index) => all.findIndex(({ key }) => key === each.key) === index);
}

function packageKeys({ name, config }: Catalog['packages'][number]): readonly EnvKey[] {
  return config.map(({ key, field, type, doc, secret, required, default: value }) => ({
    key,
    type,
    description: withoutName(doc, field),
    secret,
    required,
    hasDefault: value !== undefined,
    default: value ?? '',
    owner: name,
  }));
}

/** Returns a field's doc comment without the name in front, which Go wants there and a table does not. */
function withoutName(doc: string, field: string): string {
  const rest = doc.replace(new RegExp(`^${field} (?:(?:is|are) )?`), '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

function componentKeys({ name, env }: Component): readonly EnvKey[] {
  return env.map(({ key, description, secret, default: value }) => ({
    key,
    type: 'string',
    description,
    secret,
    required: false,
    hasDefault: value !== undefined,
    default: value ?? '',
    owner: name,
  }));
}

function ownKey({ key, goType, description, secret, required, default: value }: ConfigKey): EnvKey {
  return { key, type: goType, description, secret, required, hasDefault: !required, default: value, owner: 'service' };
}
