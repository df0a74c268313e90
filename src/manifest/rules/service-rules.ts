import { moduleProblem } from '../module-problem.js';
import { shown } from '../problem.js';
import { registryProblem } from '../registry-problem.js';
import { repeatedItems } from './repeated-items.js';
import type { Rule } from './rule.js';

/** The service's own facts: module, registry, owner, APIs. */
export const serviceRules: Rule = (draft, report) => {
  const { module, registry, api, owner } = draft;
  const badModule = module === undefined ? undefined : moduleProblem(module);
  if (badModule)
    report(['module'], badModule, { found: shown(module ?? ''), allowed: 'a path such as github.com/acme/orders' });
  const badRegistry = registry === undefined ? undefined : registryProblem(registry);
  if (badRegistry)
    report(['registry'], badRegistry, { found: shown(registry ?? ''), allowed: 'a prefix such as ghcr.io/acme' });
  if (owner !== undefined && owner.trim() === '')
    report(['owner'], 'owner is empty', { allowed: 'the name of a team' });
  repeatedItems(api, ['api'], report);
};
