import { suggest } from '../../text/suggest.js';
import type { Draft } from '../grammar.js';
import type { Known } from '../known.js';
import { didYouMean, type Path, type Report, shown } from '../problem.js';
import type { Rule } from './rule.js';

/** Refuses by name what the grammar has and no component provides yet. */
export const unsupported: Rule = (draft, report, known) => {
  if (!known) return;
  for (const { feature, name, path } of uses(draft)) {
    if (!known.features.has(feature))
      report(path, `${name} is not supported yet`, { on: typeof path.at(-1) === 'number' ? 'value' : 'key' });
  }
  for (const [name, resource] of Object.entries(draft.resources ?? {})) {
    const { store } = resource ?? {};
    if (store !== undefined && !known.features.has(store))
      report(['resources', name, 'store'], `store ${store} is not supported yet`);
  }
  components(draft, report, known);
};

interface Use {
  readonly feature: string;
  readonly name: string;
  readonly path: Path;
}

function uses(draft: Draft): readonly Use[] {
  const apis = (draft.api ?? []).map((api, index) => ({ feature: api, name: `api ${api}`, path: ['api', index] }));
  const clients = Object.entries(draft.clients ?? {}).flatMap(([name, client]) =>
    client?.protocol
      ? [{ feature: `client-${client.protocol}`, name: `a ${client.protocol} client`, path: ['clients', name] }]
      : [],
  );
  return [...apis, ...resourceUses(draft), ...clients, ...blockUses(draft)];
}

function resourceUses({ resources = {} }: Draft): readonly Use[] {
  return Object.entries(resources).flatMap(([name, resource]) => {
    const path = ['resources', name];
    const cache = resource?.cache ? [{ feature: 'cache', name: 'cache', path: [...path, 'cache'] }] : [];
    return resource?.events ? [...cache, { feature: 'events', name: 'events', path: [...path, 'events'] }] : cache;
  });
}

/** Blocks of the top level. A switch that is off asks for nothing. */
function blockUses(draft: Draft): readonly Use[] {
  const { consumes, tasks, auth, tls, extends: profile, waivers } = draft;
  const isUsed: Readonly<Record<string, boolean>> = {
    consumes: consumes !== undefined,
    tasks: tasks !== undefined,
    auth: auth !== undefined && auth.mode !== 'none',
    tls: tls !== undefined && tls.mode !== 'none',
    extends: profile !== undefined,
    waivers: waivers !== undefined,
  };
  return Object.entries(isUsed).flatMap(([name, used]) => (used ? [{ feature: name, name, path: [name] }] : []));
}

function components({ components: named = {} }: Draft, report: Report, known: Known): void {
  const allowed = [...known.components].flatMap(([name, { impliedBy }]) => (impliedBy === undefined ? [name] : []));
  for (const name of Object.keys(named)) {
    const component = known.components.get(name);
    if (component?.impliedBy !== undefined) {
      report(['components', name], `component ${name} follows from ${component.impliedBy}: leave it out here`, {
        on: 'key',
      });
    } else if (!component) {
      const hint = didYouMean(suggest(name, allowed));
      report(['components', name], `component ${shown(name)} is not supported yet`, {
        on: 'key',
        allowed: allowed.join(', ') || 'none yet',
        hint,
      });
    }
  }
}
