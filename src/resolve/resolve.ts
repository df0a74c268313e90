import type { Catalog } from '../catalog/catalog.js';
import type { Contract } from '../contracts/contract.js';
import type { Manifest } from '../manifest/grammar.js';
import { goPackage } from '../names/go-names.js';
import { activeComponents } from './active-components.js';
import { configKeys } from './config.js';
import { consumers, foreignTopics } from './consumer.js';
import { environmentKeys } from './environment-keys.js';
import { environments } from './environments.js';
import type { ServiceModel, Uses } from './model.js';
import { names } from './names.js';
import { type KnownNumbers, migrationPrefix, type Numbers, noNumbers, numberNames, numbersOf } from './numbers.js';
import { objectives } from './objectives.js';
import { serviceProto } from './proto.js';
import { ciOf, codeOwner, registryHost, runbookUrl } from './repository.js';
import { resource, someFacts } from './resource.js';
import { softwareCatalog } from './software-catalog.js';
import { stack } from './stack.js';
import { tasks } from './task.js';
import { tiers } from './tier.js';
import { clients } from './work.js';
import { type WorkloadKind, workloadKinds, workloads } from './workloads.js';

/** What a model depends on beside the manifest and the catalog. */
export interface ResolveOptions {
  /** What the services that the clients call publish; none for clients without a contract. */
  readonly contracts?: readonly Contract[];
  /** Numbers that names have already; none for a new service. */
  readonly known?: KnownNumbers;
}

/**
 * Returns the ServiceModel: the manifest with every default filled in, every name spelled, and the components that
 * follow from it. The manifest must have passed the stage before (`manifest`); throws a UserError only where active
 * components do not go together.
 */
export function resolve(
  written: Manifest,
  catalog: Catalog,
  { contracts = [], known = noNumbers }: ResolveOptions = {},
): ServiceModel {
  const facts = ownFacts(written, contracts, known);
  const active = activeComponents(catalog, facts, Object.keys(written.components ?? {}));
  const env = environmentKeys(catalog, active, facts);
  const ports = active.flatMap((component) => component.ports);
  return {
    ...facts,
    softwareCatalog: softwareCatalog(facts),
    uses: { ...facts.uses, secrets: env.some(({ secret }) => secret) },
    env,
    components: active.map(({ name, title, summary }) => ({
      name,
      title,
      summary,
      options: written.components?.[name] ?? {},
    })),
    ports,
    workloads: workloads(kindsOf(facts), facts.tier, ports),
    images: active.flatMap(({ images }) => images),
    stack,
  };
}

type CatalogFacts = 'softwareCatalog' | 'env' | 'uses' | 'components' | 'ports' | 'workloads' | 'images' | 'stack';

/** What the manifest alone decides. */
type OwnFacts = Omit<ServiceModel, CatalogFacts> & { readonly uses: Omit<Uses, 'secrets'> };

function ownFacts(written: Manifest, contracts: readonly Contract[], known: KnownNumbers): OwnFacts {
  const { apiVersion, name, module, owner, description = '', registry = '' } = written;
  const tier = tiers[written.tier ?? 'standard'];
  const config = configKeys(written.config);
  const numbers = numbersOf(written, known, sendsMessages(written));
  const resources = resourceModels(written, numbers);
  const api = apis(written);
  const ci = ciOf(module, written.ci);
  const uses = whatIsUsed(written, resources, api.any);
  const stored = (store: string) => resources.some((each) => each.store.name === store);
  return {
    apiVersion,
    name,
    names: names(name),
    module,
    owner,
    ownerLabel: labelValue(owner),
    description,
    registry,
    image: registry === '' ? name : `${registry}/${name}`,
    registryHost: registry === '' ? '' : registryHost(registry),
    codeOwner: codeOwner(owner, module),
    ci,
    runbook: runbookUrl(module, ci),
    tier,
    api,
    objectives: objectives(api),
    stores: { mysql: stored('mysql'), mongodb: stored('mongodb'), any: resources.length > 0 },
    uses,
    resources,
    some: someFacts(resources),
    consumers: consumers(name, written.consumes, resources),
    foreignTopics: foreignTopics(written.consumes, resources),
    tasks: tasks(written.tasks, resources),
    clients: clients(written.clients, contracts, module),
    auth: {
      enabled: uses.auth,
      audience: written.auth?.audience ?? name,
      scopes: allScopes(resources),
      reason: written.auth?.reason ?? '',
    },
    tls: { enabled: uses.tls, server: uses.tls && api.any, reason: written.tls?.reason ?? '' },
    proto: serviceProto(name, module, resources),
    numbers: numbers.all(),
    outboxMigration: outboxMigration(numbers),
    config,
    environments: environments(written.environments, {
      service: name,
      tier,
      config,
      kinds: kindsOf({ name, api, uses }),
    }),
  };
}

function resourceModels(manifest: Manifest, numbers: Numbers): ServiceModel['resources'] {
  const { name: service, module, resources = {} } = manifest;
  const packages = new Set(Object.keys(resources).map(goPackage));
  const messages = sendsMessages(manifest);
  return Object.entries(resources).map(([name, written]) =>
    resource(name, written, { service, module, packages, numbers, messages }),
  );
}

function kindsOf({ name, api, uses }: Pick<OwnFacts, 'name' | 'api' | 'uses'>): readonly WorkloadKind[] {
  return workloadKinds(name, { api: api.any, worker: uses.worker });
}

function outboxMigration(numbers: Numbers): string {
  const own = numbers.all().find(({ name }) => name === numberNames.outbox);
  return own ? migrationPrefix(own.number) : '';
}

/** Events and tasks wait in the store's outbox until they are sent. */
function sendsMessages({ resources = {}, tasks = {} }: Manifest): boolean {
  const stored = Object.values(resources);
  return stored.some(({ events }) => events) || (stored.length > 0 && Object.keys(tasks).length > 0);
}

function apis({ api = [] }: Manifest): ServiceModel['api'] {
  return { rest: api.includes('rest'), grpc: api.includes('grpc'), any: api.length > 0 };
}

function whatIsUsed(written: Manifest, resources: ServiceModel['resources'], hasApi: boolean): OwnFacts['uses'] {
  const auth = hasApi && written.auth?.mode !== 'none';
  const some = (test: (each: ServiceModel['resources'][number]) => boolean) => resources.some(test);
  const filled = (part: object | undefined) => Object.keys(part ?? {}).length > 0;
  const standIns = resources.length > 0 || filled(written.consumes) || filled(written.tasks);
  const peers = Object.values(written.clients ?? {});
  const tls = (hasApi || peers.length > 0) && written.tls?.mode !== 'none';
  return {
    resources: resources.length > 0,
    cache: some(({ cache }) => cache !== undefined),
    events: some(({ events }) => events),
    consumers: filled(written.consumes),
    kafka: some(({ events }) => events) || filled(written.consumes),
    tasks: filled(written.tasks),
    schedules: Object.values(written.tasks ?? {}).some(({ cron }) => cron !== undefined),
    compensation: Object.values(written.tasks ?? {}).some(({ compensates }) => compensates !== undefined),
    outbox: sendsMessages(written),
    worker: sendsMessages(written) || filled(written.consumes) || filled(written.tasks),
    commands: sendsMessages(written) || filled(written.consumes),
    promises: hasApi || resources.length > 0,
    edges: hasApi || filled(written.consumes) || filled(written.tasks),
    clients: filled(written.clients),
    grpcClients: peers.some(({ protocol }) => protocol === 'grpc'),
    restClients: peers.some(({ protocol }) => protocol === 'rest'),
    contracts: peers.some(({ contract }) => contract !== undefined),
    clientTokens: peers.length > 0 && written.auth?.mode !== 'none',
    protoGo:
      written.api?.includes('grpc') === true ||
      peers.some(({ protocol, contract }) => protocol === 'grpc' && contract !== undefined),
    auth,
    tls,
    standIns,
    devstack: standIns || auth,
    companions: standIns || auth || tls,
    volumes: standIns || tls,
    onceKeys: some(({ has }) => has.onceKeys) || filled(written.consumes),
  };
}

function allScopes(resources: ServiceModel['resources']): readonly string[] {
  const needed = resources.flatMap(({ operations, actions }) => [...operations, ...actions]);
  return [...new Set(needed.flatMap(({ scopes }) => scopes))].sort();
}

/** Returns the text as a Kubernetes label value: at most 63 letters, digits, dots, dashes and underscores. */
function labelValue(text: string): string {
  const value = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 63)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return value === '' ? 'unknown' : value;
}
