import { UserError } from '../../errors.js';
import { parseResourceFlag } from '../../manifest/flag/parse-resource-flag.js';
import type { Manifest } from '../../manifest/grammar.js';
import { manifestText } from '../../manifest/manifest-text.js';
import type { Answers } from './answers.js';

/**
 * Returns the manifest that the answers say, as text. What the grammar allows is not checked here, but where every
 * manifest is.
 *
 * @throws UserError for a resource that cannot be read, or is there twice
 */
export function manifestOf({ resources, environments, api, tier, ...answers }: Answers): string {
  const { name, module, owner, description, registry } = answers;
  return manifestText({
    apiVersion: 'create-service/v1',
    name,
    module,
    owner,
    description: description || undefined,
    registry: registry || undefined,
    // The grammar's own words for what it does not know are better than ours.
    tier: tier as Manifest['tier'],
    api: api.length > 0 ? (api as Manifest['api']) : undefined,
    resources: resources.length > 0 ? resourcesOf(resources) : undefined,
    environments: environments.length > 0 ? Object.fromEntries(environments.map((each) => [each, {}])) : undefined,
  });
}

function resourcesOf(flags: readonly string[]): Manifest['resources'] {
  const named = flags.map(parseResourceFlag);
  const twice = named.find(({ name }, index) => named.findIndex((other) => other.name === name) !== index);
  if (twice) throw new UserError(`the resource ${twice.name} is there twice`);
  return Object.fromEntries(named.map(({ name, resource }) => [name, resource]));
}
