import type { Manifest } from '../manifest/grammar.js';
import type { Client, Resource } from './model.js';
import { names } from './names.js';

type Store = Resource['store']['name'];

/** Returns the clients. */
export function clients(written: Manifest['clients']): readonly Client[] {
  return Object.entries(written ?? {}).map(([name, { protocol, contract = '' }]) => ({
    name,
    names: names(name),
    protocol,
    grpc: protocol === 'grpc',
    rest: protocol === 'rest',
    contract,
  }));
}

/** Returns the store of the named resource, or the only store there is. */
export function storeOf(resource: string, resources: readonly Resource[]): Store | undefined {
  return (resources.find(({ name }) => name === resource) ?? resources[0])?.store.name;
}
