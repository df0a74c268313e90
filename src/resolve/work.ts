import type { Contract } from '../contracts/contract.js';
import type { Manifest } from '../manifest/grammar.js';
import { goClientPackage } from '../names/go-names.js';
import { pascal, screaming } from '../text/case.js';
import type { Client, Resource } from './model.js';
import { names } from './names.js';

type Store = Resource['store']['name'];

/** Returns the clients, each with what its contract says. */
export function clients(
  written: Manifest['clients'],
  contracts: readonly Contract[],
  module: string,
): readonly Client[] {
  return Object.entries(written ?? {}).map(([name, { protocol, contract = '' }]) => ({
    name,
    names: names(name),
    protocol,
    grpc: protocol === 'grpc',
    rest: protocol === 'rest',
    keyPrefix: `${screaming(name)}_`,
    goName: pascal(name),
    goPackage: goClientPackage(name),
    goImport: `${goClientPackage(name) === name ? '' : `${goClientPackage(name)} `}"${module}/api/clients/${name}"`,
    host: protocol === 'grpc' ? `${name}-grpc` : name,
    port: protocol === 'grpc' ? 8081 : 8080,
    contract,
    ...copyOf(contracts.find(({ client }) => client === name)),
  }));
}

function copyOf(contract: Contract | undefined): Pick<Client, 'copy' | 'grpcContract' | 'restContract'> {
  if (!contract) return {};
  const { source, digest, files, grpc, rest } = contract;
  return {
    copy: { source, digest, files: files.map(({ path }) => ({ path })) },
    ...(grpc && { grpcContract: grpc }),
    ...(rest && { restContract: rest }),
  };
}

/** Returns the store of the named resource, or the only store there is. */
export function storeOf(resource: string, resources: readonly Resource[]): Store | undefined {
  return (resources.find(({ name }) => name === resource) ?? resources[0])?.store.name;
}
