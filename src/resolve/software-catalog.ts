import type { ServiceModel, Uses } from './model.js';

type Facts = Pick<ServiceModel, 'name' | 'api' | 'stores' | 'resources' | 'clients' | 'consumers'> & {
  readonly uses: Pick<Uses, 'events' | 'cache' | 'tasks'>;
};

/**
 * Returns what a software catalog such as Backstage is told of a service: which APIs it provides and what it depends on.
 * Other services go by their names, as they register themselves; the servers of a service are its own.
 */
export function softwareCatalog(facts: Facts): ServiceModel['softwareCatalog'] {
  const { name, api, uses, resources } = facts;
  const servers = serversOf(facts);
  const peers = [...facts.clients.map(({ host }) => host), ...facts.consumers.map(({ service }) => service)];
  const others = [...new Set(peers)].filter((peer) => peer !== '' && peer !== name).sort();
  return {
    apis: [
      ...(api.rest ? [`${name}-rest`] : []),
      ...(api.grpc ? resources.map((resource) => `${name}-${resource.name}-grpc`) : []),
      ...(uses.events ? [`${name}-events`] : []),
    ],
    servers,
    dependsOn: [...servers.map((server) => `resource:${server.name}`), ...others.map((peer) => `component:${peer}`)],
  };
}

function serversOf({ name, stores, uses }: Facts): ServiceModel['softwareCatalog']['servers'] {
  return [
    ...(stores.mysql ? [{ name: `${name}-mysql`, type: 'database' }] : []),
    ...(stores.mongodb ? [{ name: `${name}-mongodb`, type: 'database' }] : []),
    ...(uses.cache ? [{ name: `${name}-cache`, type: 'cache' }] : []),
    ...(uses.tasks ? [{ name: `${name}-tasks`, type: 'queue' }] : []),
  ];
}
