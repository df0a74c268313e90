import { yamlString } from '../text/quote.js';
import type { Manifest, ManifestResource } from './grammar.js';

/** Where the schema lies in a service's repository; the first line of a manifest names it for editors. */
export const schemaPath = '.create-service/schema.json';

/** What stands above each block, for a person who sees a manifest for the first time. */
const comments: Readonly<Record<string, string>> = {
  resources: 'What the service owns. Each resource has a table, a Go package, its routes and their tests.',
  consumes: 'Kafka topics that the service consumes.',
  tasks: 'Work that is done later, by a worker.',
  clients: 'Services that this one calls.',
  security: 'Who may call this service, and whom it trusts. Both are on unless they are turned off with a reason.',
  config: "The service's own settings: read at start from the environment, listed in the README.",
  environments: 'Where the service runs: one overlay each.',
  components: 'Components that no other key turns on.',
};

/**
 * Returns a manifest as the text of a new `service.yaml`: commented, in the grammar's order, one line for each field,
 * action and setting. Reading it gives the same manifest again.
 */
export function manifestText(manifest: Manifest): string {
  const { apiVersion, name, module, owner, description, registry, ci, tier, api, ...blocks } = manifest;
  const { resources, consumes, tasks, clients, auth, tls, config, environments, components, waivers } = blocks;
  const facts = { apiVersion, name, module, owner, description, registry, ci, tier, api };
  const security = lines({ auth, tls });
  return [
    `# yaml-language-server: $schema=${schemaPath}`,
    ...lines(facts),
    ...block('resources', resources && resourceLines(resources)),
    ...block('consumes', consumes && aligned(consumes, '  ')),
    ...block('tasks', tasks && aligned(tasks, '  ')),
    ...block('clients', clients && aligned(clients, '  ')),
    ...(security.length > 0 ? headed('security', security) : []),
    ...lines({ extends: blocks.extends }),
    ...block('config', config && aligned(config, '  ')),
    ...block('environments', environments && aligned(environments, '  ')),
    ...block('components', components && aligned(components, '  ')),
    ...lines({ waivers }),
    '',
  ].join('\n');
}

/** Returns the lines of a block with a blank line and a comment before it. */
function block(name: string, content: readonly string[] | undefined): readonly string[] {
  if (content === undefined) return [];
  return headed(name, content.length === 0 ? [`${name}: {}`] : [`${name}:`, ...content]);
}

function headed(name: string, content: readonly string[]): readonly string[] {
  return ['', `# ${comments[name]}`, ...content];
}

/** Returns the lines of resources, below the key `resources`. */
export function resourceLines(resources: NonNullable<Manifest['resources']>): readonly string[] {
  return Object.entries(resources).flatMap(([name, resource]) => [`  ${yamlString(name)}:`, ...oneResource(resource)]);
}

function oneResource({ fields, operations, actions, scopes, ...facts }: ManifestResource): readonly string[] {
  const nested = (name: string, map: object | undefined) => {
    if (map === undefined) return [];
    const content = aligned(map, '      ');
    return content.length === 0 ? [`    ${name}: {}`] : [`    ${name}:`, ...content];
  };
  return [
    ...lines(facts, '    '),
    ...nested('fields', fields),
    ...lines({ operations }, '    '),
    ...nested('actions', actions),
    ...nested('scopes', scopes),
  ];
}

/** Returns a line for each key that has a value. */
function lines(facts: object, indent = ''): readonly string[] {
  const given = Object.entries(facts).filter(([, value]) => value !== undefined);
  return given.map(([key, value]) => `${indent}${key}: ${flow(value)}`);
}

/** Returns a line for each key, values in one column. */
function aligned(map: object, indent: string): readonly string[] {
  const entries = Object.entries(map).map(([key, value]) => [`${yamlString(key)}:`, flow(value)] as const);
  const width = Math.max(0, ...entries.map(([key]) => key.length));
  return entries.map(([key, value]) => `${indent}${key.padEnd(width)} ${value}`);
}

/** Returns a value as YAML on one line. */
export function flow(value: unknown): string {
  if (typeof value === 'string') return yamlString(value);
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([key, each]) => `${yamlString(key)}: ${flow(each)}`).join(', ')} }`;
}
