import type { Catalog, Component } from '../catalog/catalog.js';
import type { Client, ConfigKey, EnvKey } from './model.js';

/**
 * Returns every environment key of a service: those of the Go packages that the active components own or reach, then
 * those that each client has of its own, then the components' own, then the manifest's. The same key of two owners is
 * listed once.
 */
export function environmentKeys(
  { packages }: Catalog,
  active: readonly Component[],
  { config, clients }: { readonly config: readonly ConfigKey[]; readonly clients: readonly Client[] },
): readonly EnvKey[] {
  const keysOf = ({ name }: Component) => packages.filter(({ owner }) => owner === name).flatMap(packageKeys);
  const declared = packages
    .filter(({ owner }) => active.some(({ name, keysFor }) => name === owner && keysFor === undefined))
    .flatMap(packageKeys);
  const perClient = active.filter(({ keysFor }) => keysFor === 'client');
  const ofClients = clients.flatMap((client) =>
    perClient
      .filter((component) => appliesTo(component, client))
      .flatMap((component) => prefixed(keysOf(component), client)),
  );
  const all = [...declared, ...ofClients, ...active.flatMap(componentKeys), ...config.map(ownKey)];
  return all.filter((each, index) => all.findIndex(({ key }) => key === each.key) === index);
}

function appliesTo({ appliesTo: property }: Component, client: Client): boolean {
  return property === undefined || Reflect.get(client, property) === true;
}

function prefixed(keys: readonly EnvKey[], { name, keyPrefix }: Client): readonly EnvKey[] {
  return keys.map((one) => ({
    ...one,
    key: `${keyPrefix}${one.key}`,
    description: `Client of ${name}: ${lowerFirst(one.description)}`,
  }));
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

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
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
