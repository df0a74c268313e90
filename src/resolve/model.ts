/**
 * The ServiceModel: everything that templates read. It is flat and precomputed, because a template has only `if` and
 * `each`; it is readonly and prints as JSON. Texts named `go`, `json`, `sql` are finished literals of that language:
 * print them as they are. Every other text goes through the quoting helper of the file's language.
 */
import type { GrpcContract } from '../contracts/grpc/grpc-contract.js';
import type { RestContract } from '../contracts/rest/rest-contract.js';
import type { Names } from './names-model.js';
import type { StableNumber } from './numbers.js';
import type { Objective } from './objectives.js';
import type { ServiceProto } from './proto-model.js';
import type { Ci } from './repository.js';
import type { Action, Resource, ResourceFacts } from './resource-model.js';
import type { Stack } from './stack.js';

export type { EnumValue, Examples, Field, FieldType, Literal, Refused, RuleName, SchemaLine } from './field-model.js';
export type { Names } from './names-model.js';
export type {
  Action,
  ActionCase,
  Announcement,
  Assignment,
  Condition,
  Operation,
  Resource,
  ResourceFacts,
  Route,
} from './resource-model.js';

/** The whole service. */
export interface ServiceModel {
  readonly apiVersion: 'create-service/v1';
  /** The service's name as written, for `__service__` in paths and texts. */
  readonly name: string;
  readonly names: Names;
  /** Go module path. */
  readonly module: string;
  readonly owner: string;
  /** {@link ServiceModel.owner} as a Kubernetes label value; never empty. */
  readonly ownerLabel: string;
  readonly description: string;
  /** Image registry prefix without a trailing slash; empty when none was given. */
  readonly registry: string;
  /** Image name without a tag: `ghcr.io/acme/orders`. */
  readonly image: string;
  /** Host of the registry: `ghcr.io`; empty when none was given. */
  readonly registryHost: string;
  /** {@link ServiceModel.owner} as CODEOWNERS has it: `@acme/team-commerce`. */
  readonly codeOwner: string;
  readonly ci: Ci;
  readonly softwareCatalog: SoftwareCatalog;
  /** Where docs/runbook.md is read: `https://github.com/acme/orders/blob/main/docs/runbook.md`. */
  readonly runbook: string;
  readonly tier: Tier;
  readonly api: { readonly rest: boolean; readonly grpc: boolean; readonly any: boolean };
  /** How the objectives of each API are measured. */
  readonly objectives: readonly Objective[];
  readonly stores: { readonly mysql: boolean; readonly mongodb: boolean; readonly any: boolean };
  readonly uses: Uses;
  readonly resources: readonly Resource[];
  /** What is true of some resource. */
  readonly some: ResourceFacts;
  readonly consumers: readonly Consumer[];
  /** The topics that consumers read and other services own, each once. */
  readonly foreignTopics: readonly { readonly name: string; readonly owner: string }[];
  readonly tasks: readonly Task[];
  readonly clients: readonly Client[];
  readonly auth: Auth;
  readonly tls: Tls;
  readonly proto: ServiceProto;
  /** Numbers that stay with their name for ever, sorted by name: the lock keeps them. */
  readonly numbers: readonly StableNumber[];
  /** Number of the migration that makes the outbox, five digits; empty without one. */
  readonly outboxMigration: string;
  /** The service's own configuration keys, in the manifest's order. */
  readonly config: readonly ConfigKey[];
  /** Every environment key of the service: the platform's and the components', then the service's own. */
  readonly env: readonly EnvKey[];
  readonly environments: readonly Environment[];
  /** The kinds of process that run all the time, each a Deployment of its own. */
  readonly workloads: readonly Workload[];
  /** The active components, sorted by name; glue (`a+b`) after them. */
  readonly components: readonly ActiveComponent[];
  readonly ports: readonly Port[];
  readonly images: readonly Image[];
  readonly stack: Stack;
}

/** What a catalog of software is told. */
export interface SoftwareCatalog {
  /** Names of the APIs that it provides. */
  readonly apis: readonly string[];
  /** Stores and queues that are its own. */
  readonly servers: readonly { readonly name: string; readonly type: string }[];
  /** References to these, and to other services: `component:billing`. */
  readonly dependsOn: readonly string[];
}

/** What the tier of a service means in figures; `tier.ts` says why. */
export interface Tier {
  readonly name: 'critical' | 'standard' | 'best-effort';
  readonly replicas: number;
  /** Availability objective in percent, as text: `99.9`. */
  readonly sloTarget: string;
  /** Share of requests that may fail, as text: `0.001`. */
  readonly errorBudget: string;
  /** Share of the other requests, in percent, that are answered within the threshold, as text: `99`. */
  readonly latencyTarget: string;
  /** Share of them that may be slower, as text: `0.01`. */
  readonly latencyBudget: string;
  /** Windows over which alerts look at how fast the budgets are used up. */
  readonly windows: readonly string[];
  /** Voluntary disruptions take one pod at a time: there is a PodDisruptionBudget. */
  readonly disruptionBudget: boolean;
  /** Severity label of the service's alerts. */
  readonly severity: 'page' | 'ticket';
}

/** What any part of the service uses. Components' `activeWhen` are paths of this and of `api` and `stores`. */
export interface Uses {
  readonly resources: boolean;
  readonly cache: boolean;
  readonly events: boolean;
  readonly consumers: boolean;
  /** Events are published or consumed. */
  readonly kafka: boolean;
  readonly tasks: boolean;
  /** Some task has a schedule. */
  readonly schedules: boolean;
  /** Some task has an action that undoes it. */
  readonly compensation: boolean;
  /** Use cases send events or tasks, which a store commits with the aggregate. */
  readonly outbox: boolean;
  /** There is work that nobody waits for, messages or tasks, which a process of its own does. */
  readonly worker: boolean;
  /** The program has commands beside serve, migrate and healthcheck. */
  readonly commands: boolean;
  /** Callers rely on an API, or databases on migrations: a change of these is compared with what was before. */
  readonly promises: boolean;
  /** Something calls the use cases: an API, a consumer or a task. */
  readonly edges: boolean;
  readonly clients: boolean;
  readonly grpcClients: boolean;
  readonly restClients: boolean;
  /** Some client has a contract. */
  readonly contracts: boolean;
  /** Calls of other services carry a token. */
  readonly clientTokens: boolean;
  /** There is Go that was generated from .proto files. */
  readonly protoGo: boolean;
  readonly auth: boolean;
  readonly tls: boolean;
  /** Some environment key is secret. */
  readonly secrets: boolean;
  /** There is a server that tests need and devstack has a stand-in for. */
  readonly standIns: boolean;
  /** There is something that devstack runs: a stand-in, or the issuer of tokens for development. */
  readonly devstack: boolean;
  /** compose.yaml has services beside the service itself. */
  readonly companions: boolean;
  /** Some of them keep files. */
  readonly volumes: boolean;
  /** Some resource can be created or has actions, or there are consumers, so that once-keys are kept. */
  readonly onceKeys: boolean;
}

/** A Kafka consumer. */
export interface Consumer {
  /** Kebab-case name, for `__consumer__` in paths. */
  readonly name: string;
  readonly names: Names;
  /** Part of the names of Go files: `payment_captured`. */
  readonly goFile: string;
  /** Part of the names of Go functions: `PaymentCaptured`. */
  readonly goName: string;
  readonly topic: string;
  /** The service that publishes the topic. */
  readonly service: string;
  readonly contract: string;
  /** Kafka's consumer group: `orders.payment-captured`. */
  readonly group: string;
  /** Topic of records that cannot be handled: `payments.payment.v1.orders.payment-captured.dlq`. */
  readonly deadLetters: string;
  /** The type of event that the name means, `payments.payment.captured.v1`; empty: all types of the topic. */
  readonly eventType: string;
  /** Store of the inbox row. */
  readonly store: 'mysql' | 'mongodb';
  /** Name of the resource to which the effect happens; empty when the manifest names none. */
  readonly resource: string;
}

/** An Asynq task. */
export interface Task {
  /** Kebab-case name, for `__task__` in paths. */
  readonly name: string;
  readonly names: Names;
  /** Go type of its payload in the package of messages: `SendReceipt`. */
  readonly goName: string;
  /** Go file below `internal/tasks`, without its ending: `sendreceipt`. */
  readonly goFile: string;
  /** Method that runs it: `sendReceipt`. */
  readonly handler: string;
  /** Method that undoes it: `undoSendReceipt`. */
  readonly undo: string;
  readonly queue: string;
  readonly maxRetry: number;
  readonly timeout: string;
  readonly timeoutGo: string;
  readonly payload: readonly PayloadKey[];
  /** Empty: not scheduled. */
  readonly cron: string;
  readonly resource: string;
  /** Empty: the service has no store. */
  readonly store: '' | 'mysql' | 'mongodb';
  /** What the payload names by its id, if it does. */
  readonly about?: TaskSubject;
  /** What undoes this step of a saga. */
  readonly compensates?: Compensation;
}

/** A key of a task's payload. */
export interface PayloadKey {
  /** As written: `order_id`; also its JSON name. */
  readonly name: string;
  readonly names: Names;
  /** Field of the Go struct: `OrderID`. */
  readonly goName: string;
  readonly goType: string;
  /** Go expression of a valid value. */
  readonly exampleGo: string;
}

/** The aggregate that a task is about. */
export interface TaskSubject {
  readonly resource: Resource;
  /** Field of the payload that holds its id: `OrderID`. */
  readonly goName: string;
  /** Keys of its id and version in logs: `order.id`, `order.version`. */
  readonly logKey: string;
  readonly versionKey: string;
}

/** An action on the aggregate that a task is about. */
export interface Compensation extends TaskSubject {
  readonly action: Action;
}

/** A connection to another service. */
export interface Client {
  /** Kebab-case name, for `__client__` in paths. */
  readonly name: string;
  readonly names: Names;
  readonly protocol: 'grpc' | 'rest';
  readonly grpc: boolean;
  readonly rest: boolean;
  /** What the names of its configuration keys begin with: `INVENTORY_`. */
  readonly keyPrefix: string;
  /** What this service calls it in Go, exported: `Inventory`. */
  readonly goName: string;
  /** Part of the names of its Go files, and Go package of what is written for it: `inventory`. */
  readonly goPackage: string;
  /** Import of the Go package that is written from a REST contract, finished. */
  readonly goImport: string;
  /** Kubernetes Service of the peer, without its namespace, and the port there. */
  readonly host: string;
  readonly port: number;
  /** Place of its contract, as the manifest has it; empty: it has none. */
  readonly contract: string;
  /** The contract, as it is copied into `api/clients`. */
  readonly copy?: ContractCopy;
  /** The gRPC API that the contract describes. */
  readonly grpcContract?: GrpcContract;
  /** The REST API that the contract describes. */
  readonly restContract?: RestContract;
}

/** Where a contract is from, and that it is still that. */
export interface ContractCopy {
  readonly source: string;
  readonly digest: string;
  readonly files: readonly { readonly path: string }[];
}

export interface Auth {
  readonly enabled: boolean;
  readonly audience: string;
  /** Every scope that some operation or action needs, sorted, each once. */
  readonly scopes: readonly string[];
  /** Why it is off, where the manifest says so. */
  readonly reason: string;
}

export interface Tls {
  readonly enabled: boolean;
  /** Whether the service answers calls over it, beside making some. */
  readonly server: boolean;
  readonly reason: string;
}

/** A configuration key that the manifest declares. */
export interface ConfigKey {
  readonly names: Names;
  /** Environment key: `MAX_OPEN_ORDERS`. */
  readonly key: string;
  /** Field of the Go struct: `MaxOpenOrders`. */
  readonly goName: string;
  readonly goType: 'string' | 'bool' | 'int32' | 'int64' | 'float64' | 'time.Duration';
  readonly description: string;
  /** Doc comment of the Go field: `MaxOpenOrders: Refuse new orders above this number.` */
  readonly doc: string;
  /** Tag of the Go field, a finished literal with its quotes. */
  readonly tag: string;
  readonly secret: boolean;
  /** No default: must be set where the service runs. */
  readonly required: boolean;
  /** As the environment holds it; empty when required. */
  readonly default: string;
  /** The key with its default or, where it has none, an example: `API_KEY=example`. */
  readonly assignment: string;
}

/** One environment key, whoever declares it. */
export interface EnvKey {
  readonly key: string;
  readonly type: string;
  readonly description: string;
  readonly secret: boolean;
  readonly required: boolean;
  readonly hasDefault: boolean;
  readonly default: string;
  /** Who reads it: a platform package (`httpserver`), a component, or `service`. */
  readonly owner: string;
}

/** One place where the service runs. */
export interface Environment {
  /** Kebab-case name, for `__environment__` in paths. */
  readonly name: string;
  readonly names: Names;
  /** Kubernetes namespace: `orders-prod`. */
  readonly namespace: string;
  readonly replicas: number;
  /** How many pods each workload has here, in the order of {@link ServiceModel.workloads}. */
  readonly scales: readonly Scale[];
  /** The most pods that can be here at once, those of a roll-out included. */
  readonly maxPods: number;
  /** Connections of each pod's pool where the default would be too many for {@link Environment.maxPods} pods. */
  readonly poolSize: number | undefined;
  /** Named `dev`, `local` or `development`: docs page on, generous logs. */
  readonly dev: boolean;
  /** Named `prod` or `production`. */
  readonly prod: boolean;
  /** Every key of {@link ServiceModel.config} that is no secret and has a value here. */
  readonly config: readonly { readonly key: string; readonly value: string; readonly description: string }[];
}

/** A kind of process that runs all the time. */
export interface Workload extends Scale {
  /** Label and file name: `server` answers calls, `worker` does what nobody waits for. */
  readonly component: 'server' | 'worker';
  readonly isServer: boolean;
  /** Command line of the program, as the items of a YAML list: `serve, -role, api`. */
  readonly args: string;
  readonly ports: readonly Port[];
}

/** How many pods a workload has. */
export interface Scale {
  /** Name of the Deployment: `orders`, `orders-worker`. */
  readonly name: string;
  readonly replicas: number;
  /** What it scales to. */
  readonly maxReplicas: number;
}

export interface ActiveComponent {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** What the manifest gives under `components.<name>`. */
  readonly options: Readonly<Record<string, unknown>>;
}

export interface Port {
  readonly name: string;
  readonly number: number;
  readonly description: string;
}

export interface Image {
  readonly name: string;
  readonly reference: string;
}
