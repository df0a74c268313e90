import type { Catalog, Component } from '../catalog/catalog.js';
import { stack } from '../resolve/stack.js';
import type { PlatformModel } from './context.js';
import type { FileEntry, FileTree } from './file-tree.js';
import { dashboard } from './helpers/dashboard.js';
import { renderKit } from './render-kit.js';

/** What a platform team chose. */
export interface PlatformSettings {
  /** Logstash stands between Filebeat and Elasticsearch. */
  readonly logstash: boolean;
}

/**
 * Returns every file of the bundle that a cluster gets once: the templates of `platform/`, and a dashboard for each kind of
 * work, with the rows that services have of it in theirs.
 */
export function renderPlatform({ logstash }: PlatformSettings, { platform, components }: Catalog): FileTree {
  const dashboards = components.flatMap(dashboardOf);
  const model: PlatformModel = { logstash, stack, dashboards: dashboards.map(({ name }) => name) };
  const kit = renderKit([]);
  const files = platform
    .filter(({ path }) => logstash || !path.startsWith('logstash/'))
    .map(({ path, template }) => entry(path, template(model, kit)));
  const all = [...files, ...dashboards.map(({ name, body }) => entry(`dashboards/${name}.json`, body))];
  return { entries: all.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function entry(path: string, body: string): FileEntry {
  return { path, body, mode: 0o644, owner: 'platform', class: 'managed' };
}

/** The rows of a component as a dashboard of its own; components without rows have none. */
function dashboardOf({
  name,
  title,
  fragments,
}: Component): readonly { readonly name: string; readonly body: string }[] {
  const rows = fragments.filter(({ slot }) => slot === 'grafana.rows');
  if (rows.length === 0) return [];
  const kit = renderKit([]);
  const text = rows.map(({ template }) => template({}, kit)).join('');
  return [{ name, body: dashboard(`${JSON.stringify({ uid: `kind-${name}`, title })}\n${text}`) }];
}
