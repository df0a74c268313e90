import type { Client, Consumer, Environment, Resource, ServiceModel, Task, Workload } from '../resolve/model.js';
import type { Stack } from '../resolve/stack.js';

/**
 * The types that a template's context may have. A file's context follows from the variables in its path; a slot's is
 * declared in slots.yaml.
 */
export type {
  Action,
  Client,
  Consumer,
  Environment,
  Field,
  Resource,
  Route,
  ServiceModel,
  Task,
  Workload,
} from '../resolve/model.js';

/** Context of a file with `__resource__` in its path. */
export interface ResourceContext {
  readonly service: ServiceModel;
  readonly resource: Resource;
}

/** Context of a file with `__consumer__` in its path. */
export interface ConsumerContext {
  readonly service: ServiceModel;
  readonly consumer: Consumer;
}

/** Context of a file with `__task__` in its path. */
export interface TaskContext {
  readonly service: ServiceModel;
  readonly task: Task;
}

/** Context of a file with `__client__` in its path. */
export interface ClientContext {
  readonly service: ServiceModel;
  readonly client: Client;
}

/** Context of a file with `__environment__` in its path. */
export interface EnvironmentContext {
  readonly service: ServiceModel;
  readonly environment: Environment;
}

/** Context of a file with `__workload__` in its path. */
export interface WorkloadContext {
  readonly service: ServiceModel;
  readonly workload: Workload;
}

/** Context of the files of a platform's bundle. */
export interface PlatformModel {
  readonly logstash: boolean;
  readonly stack: Stack;
  /** Names of the files in dashboards/, without their ending. */
  readonly dashboards: readonly string[];
}

/**
 * Context of the rows of a dashboard: nothing. They read no model, so that one dashboard can show all services of a
 * platform; which service is meant is a variable of Grafana.
 */
export type AnyService = object;
