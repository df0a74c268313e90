import type { ServiceModel } from '../resolve/model.js';

/** A context that a file is rendered with, and the path it goes to. */
export interface Target {
  readonly path: string;
  readonly context: unknown;
}

/** What of the model a path can be rendered once for each of. */
const lists = {
  resource: ({ resources }: ServiceModel) => resources,
  consumer: ({ consumers }: ServiceModel) => consumers,
  task: ({ tasks }: ServiceModel) => tasks,
  client: ({ clients }: ServiceModel) => clients,
  environment: ({ environments }: ServiceModel) => environments,
  workload: ({ workloads }: ServiceModel) => workloads,
} satisfies Readonly<Record<string, (service: ServiceModel) => readonly object[]>>;

type Item = keyof typeof lists;

const variable = /__([a-z]+)((?:\.\w+?)*)__/g;

/**
 * Returns what a path of the catalog stands for in a service: itself, or one target for each resource, consumer,
 * task, client, environment or workload when it has such a variable. `__service__`, `__resource__` and the like are the names as
 * written; `__resource.goPackage__` is any text of theirs by its dot path.
 *
 * @param appliesTo dot path of a resource or client that must be truthy; those without it get no file
 */
export function expandPath(path: string, service: ServiceModel, appliesTo?: string): readonly Target[] {
  const item = itemOf(path);
  if (item === undefined) return [{ path: fill(path, { service }), context: service }];
  const items = lists[item](service).filter(
    (one) => (item !== 'resource' && item !== 'client') || appliesTo === undefined || at(one, appliesTo),
  );
  return items.map((one) => {
    const context = { service, [item]: one };
    return { path: fill(path, context), context };
  });
}

/** Returns which list a path is rendered once for each of; undefined: rendered once. */
export function itemOf(path: string): Item | undefined {
  const names = [...path.matchAll(variable)].map(([, name]) => name);
  return (Object.keys(lists) as readonly Item[]).find((item) => names.includes(item));
}

/** Returns the dot paths that a path's variables stand for: `resource.name` for `__resource__`. */
export function pathVariables(path: string): readonly string[] {
  return [...path.matchAll(variable)].map(
    ([, name = '', property = '']) => `${name}${property === '' ? '.name' : property}`,
  );
}

function fill(path: string, context: object): string {
  return path.replace(variable, (written, name: string, property: string) => {
    const value = at(context, `${name}${property === '' ? '.name' : property}`);
    if (typeof value !== 'string' || value === '') throw new Error(`${path}: ${written} is no name of the model`);
    return value;
  });
}

/** Returns what a dot path leads to. */
export function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);
}
