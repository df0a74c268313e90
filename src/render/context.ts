import type { Environment, Resource, ServiceModel } from '../resolve/model.js';

/**
 * The types that a template's context may have. A file's context follows from the variables in its path; a slot's is
 * declared in slots.yaml.
 */
export type { Action, Environment, Field, Resource, Route, ServiceModel } from '../resolve/model.js';

/** Context of a file with `__resource__` in its path. */
export interface ResourceContext {
  readonly service: ServiceModel;
  readonly resource: Resource;
}

/** Context of a file with `__environment__` in its path. */
export interface EnvironmentContext {
  readonly service: ServiceModel;
  readonly environment: Environment;
}
