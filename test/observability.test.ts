import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readTemplates } from '../scripts/build/read-templates.js';
import type { Catalog } from '../src/catalog/catalog.js';
import { loadCatalog } from '../src/catalog/load.js';
import { componentOrder } from '../src/render/component-order.js';
import type { FileTree } from '../src/render/file-tree.js';
import { dashboard } from '../src/render/helpers/dashboard.js';
import { renderKit } from '../src/render/render-kit.js';
import { examples, matrix, renderSample, type Sample } from './support/rendered-services.js';
import { root } from './support/source-files.js';

const folder = 'deployments/kubernetes/components/monitoring';

/** A rule, as the manifest has it. */
interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Alert extends Rule {
  readonly alert: string;
}

/** An expectation of a test of rules. */
interface Expectation {
  readonly expr: string;
  readonly exp_samples?: readonly { readonly labels: string }[];
}

/** A panel of a dashboard; a row is one too. */
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly legendFormat: string }[];
}

interface Dashboard {
  readonly uid: string;
  readonly templating: { readonly list: readonly { readonly name: string }[] };
  readonly panels: readonly Panel[];
}

let catalog: Catalog;
beforeAll(async () => {
  catalog = await loadCatalog();
});

/** What a service says about its alerts, in all the places where it does. */
async function observed(sample: Sample) {
  const tree = await renderSample(sample, catalog);
  const manifest = parse(body(tree, `${folder}/prometheus-rule.yaml`)) as {
    spec: { groups: { name: string; rules: Rule[] }[] };
  };
  const rules = manifest.spec.groups.flatMap((group) => group.rules);
  const { tests } = parse(body(tree, `${folder}/prometheus-rule_test.yaml`)) as {
    tests: { promql_expr_test: Expectation[] }[];
  };
  return {
    name: (parse(sample.text) as { name: string }).name,
    groups: manifest.spec.groups,
    rules,
    alerts: rules.filter((rule): rule is Alert => rule.alert !== undefined),
    tests,
    runbook: body(tree, 'docs/runbook.md'),
    dashboard: JSON.parse(body(tree, `${folder}/dashboard.json`)) as Dashboard,
    metrics: declared(tree),
  };
}

/** Metrics of the client library's own collectors, and those that Prometheus makes. */
const given = new RegExp(
  ['up', 'ALERTS', 'process_\\w+', 'go_goroutines', 'go_memstats_\\w+', 'go_gc_\\w+', 'go_sched_\\w+', 'go_sql_\\w+']
    .map((name) => `^${name}$`)
    .join('|'),
);

/** The metrics that the service's own code declares: a name of one stands there as a text. */
function declared({ entries }: FileTree): ReadonlySet<string> {
  const go = entries.filter((entry) => /^internal\/platform\/.*(?<!_test)\.go$/.test(entry.path));
  return new Set(
    go.flatMap((entry) => [...entry.body.matchAll(/"([a-z][a-z0-9]*(?:_[a-z0-9]+)+)"/g)].map(([, name]) => name ?? '')),
  );
}

/** The metrics that an expression selects. */
function selected(expr: string): readonly string[] {
  return [...expr.matchAll(/([a-zA-Z_:][\w:]*)\{/g)].map(([, name]) => name ?? '');
}

function body(tree: FileTree, name: string): string {
  const file = tree.entries.find((entry) => entry.path === name);
  if (!file) throw new Error(`${name} is not rendered`);
  return file.body;
}

/** The alerts that a test expects to fire, and those that it expects not to fire at some time. */
function expected(tests: readonly { readonly promql_expr_test: readonly Expectation[] }[]) {
  const names = (text: string) => [...text.matchAll(/alertname="(\w+)"/g)].map(([, name]) => name ?? '');
  const fires = new Set<string>();
  const rests = new Set<string>();
  for (const { promql_expr_test: expectations } of tests) {
    const about = new Set(
      expectations.flatMap(({ expr, exp_samples = [] }) => [
        ...names(expr),
        ...exp_samples.flatMap((s) => names(s.labels)),
      ]),
    );
    for (const { expr, exp_samples: samples = [] } of expectations) {
      const firing = new Set(samples.flatMap(({ labels }) => [...names(expr), ...names(labels)]));
      for (const name of about) (firing.has(name) ? fires : rests).add(name);
    }
  }
  return { fires, rests };
}

const samples = [...matrix(), ...examples()];

describe.each(samples)('the alerts of $name', (sample) => {
  it('are tested: each fires in some test, and does not in some', async () => {
    const { alerts, tests } = await observed(sample);
    const names = new Set(alerts.map(({ alert }) => alert));
    const { fires, rests } = expected(tests);
    expect(fires).toEqual(names);
    expect(rests).toEqual(names);
  });

  it('have an entry in the runbook, and no entry is about another one', async () => {
    const { alerts, runbook } = await observed(sample);
    const chapter = /^## Alerts$([\s\S]*?)^## /m.exec(runbook)?.[1] ?? '';
    const entries = [...chapter.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    expect(entries.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
    for (const { alert, annotations } of alerts) {
      expect(annotations?.runbook_url).toMatch(new RegExp(`^https://.*/docs/runbook\\.md#${alert.toLowerCase()}$`));
    }
  });

  it('lead to sections that the runbook has', async () => {
    const { runbook } = await observed(sample);
    const anchor = (title: string) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-');
    const sections = new Set([...runbook.matchAll(/^#+ (.*)$/gm)].map(([, title]) => anchor(title ?? '')));
    const links = [...runbook.matchAll(/\]\(#([^)]*)\)/g)].map(([, to]) => to ?? '');
    expect(links.filter((to) => !sections.has(to))).toEqual([]);
  });

  it('say whose they are, how urgent, what it is and where to look', async () => {
    const { alerts, name } = await observed(sample);
    for (const { alert, labels, annotations } of alerts) {
      expect(Object.keys(labels ?? {}), alert).toEqual(['severity', 'service', 'owner']);
      expect(labels?.service).toBe(name);
      expect(['page', 'ticket']).toContain(labels?.severity);
      expect(Object.keys(annotations ?? {}), alert).toEqual(['summary', 'description', 'runbook_url', 'dashboard_url']);
    }
  });

  it('look at nothing but this service', async () => {
    const { rules, name } = await observed(sample);
    for (const { expr } of rules) {
      const selectors = [...expr.matchAll(/[a-zA-Z_:][\w:]*\{([^}]*)\}/g)].map(([, matchers]) => matchers);
      expect(selectors.length, expr).toBeGreaterThan(0);
      for (const matchers of selectors) expect(matchers, expr).toContain(`job="${name}"`);
    }
  });

  it('have groups with names of their own', async () => {
    const { groups } = await observed(sample);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
  });
});

describe.each(samples)('the dashboard of $name', (sample) => {
  it('is where the alerts say, and has the variables that its queries use', async () => {
    const { alerts, dashboard, name } = await observed(sample);
    expect(dashboard.uid).toBe(name);
    const links = new Set(alerts.map(({ annotations }) => annotations?.dashboard_url));
    expect(links).toEqual(new Set([`/d/${dashboard.uid}`]));
    const variables = new Set(dashboard.templating.list.map((variable) => variable.name));
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g)].map(([, variable]) => variable ?? '');
    expect(
      used.filter((variable) => !variables.has(variable) && !['__rate_interval', '__all'].includes(variable)),
    ).toEqual([]);
  });

  it('has panels with ids of their own, side by side on 24 columns', async () => {
    const { panels } = (await observed(sample)).dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [index, { title, gridPos: a }] of panels.entries()) {
      expect(a.x + a.w, title).toBeLessThanOrEqual(24);
      for (const { gridPos: b } of panels.slice(0, index)) {
        const isApart = a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h;
        expect(isApart, title).toBe(true);
      }
    }
  });

  it('says what each panel shows, in which unit, of the chosen service', async () => {
    const { panels } = (await observed(sample)).dashboard;
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(shown.length).toBeGreaterThanOrEqual(8);
    for (const { title, description, fieldConfig, targets = [] } of shown) {
      expect(description, title).toMatch(/\w.*\.$/);
      expect(fieldConfig?.defaults.unit, title).toBeTruthy();
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
      expect(targets.length, title).toBeGreaterThan(0);
      for (const { expr, legendFormat } of targets) {
        expect(legendFormat, title).toBeTruthy();
        for (const [, matchers] of expr.matchAll(/[\w:]\{([^}]*)\}/g)) {
          expect(matchers, expr).toContain('job="$service", namespace=~"$namespace"');
        }
      }
    }
  });

  it('and the rules name only metrics that the service declares', async () => {
    const { rules, dashboard, metrics } = await observed(sample);
    const recorded = new Set(rules.map(({ record }) => record));
    const queries = dashboard.panels.flatMap(({ targets = [] }) => targets);
    const names = [...rules, ...queries].flatMap(({ expr }) => selected(expr));
    expect(names.length).toBeGreaterThan(10);
    const unknown = names.filter(
      (name) =>
        !given.test(name) &&
        !recorded.has(name) &&
        !metrics.has(name) &&
        !metrics.has(name.replace(/_(bucket|count|sum)$/, '')),
    );
    expect(unknown).toEqual([]);
  });
});

it('rows of all components make one dashboard, for whatever service is chosen', () => {
  const kit = renderKit(componentOrder(catalog.components));
  const text = dashboard(`{ "uid": "services", "title": "Services" }\n${kit.slot('grafana.rows', {}, '')}`);
  const { panels } = JSON.parse(text) as Dashboard;
  const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title);
  expect(rows).toContain('MongoDB');
  expect(rows).toContain('MySQL');
  expect(new Set(rows).size).toBe(rows.length);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});

describe('the alerts', () => {
  it('are all in some manifest of this repository', async () => {
    const written = [...readTemplates(path.join(root, 'templates'))]
      .filter(([file]) => /prometheus/.test(file))
      .flatMap(([, text]) => [...text.matchAll(/- alert: (\w+)/g)].map(([, name]) => name ?? ''));
    const rendered = new Set<string>();
    for (const sample of samples) for (const { alert } of (await observed(sample)).alerts) rendered.add(alert);
    expect([...rendered].sort()).toEqual([...new Set(written)].sort());
  });

  it('on latency look at the bucket that the threshold makes', async () => {
    const sample = samples.find(({ name }) => name === 'orders');
    if (!sample) throw new Error('orders is gone');
    const { rules } = await observed(sample);
    const keys = catalog.packages.flatMap(({ config }) => config);
    for (const [api, key] of [
      ['rest', 'HTTP_SLO_THRESHOLD'],
      ['grpc', 'GRPC_SLO_THRESHOLD'],
    ]) {
      const milliseconds = keys.find((each) => each.key === key)?.default;
      const buckets = rules
        .filter(({ labels }) => labels?.api === api && labels?.objective === 'latency')
        .flatMap(({ expr }) => [...expr.matchAll(/le="([\d.]+)"/g)].map(([, le]) => le));
      expect(new Set(buckets.map((le) => `${Number(le) * 1000}ms`)), key).toEqual(new Set([milliseconds]));
    }
  });

  it('wake nobody for a service of the tier best-effort', async () => {
    const sample: Sample = {
      name: 'lazy',
      file: 'lazy.yaml',
      text: 'apiVersion: create-service/v1\nname: lazy\nmodule: example.com/lazy\nowner: us\ntier: best-effort\napi: [rest]\n',
    };
    const { alerts } = await observed(sample);
    expect(new Set(alerts.map(({ labels }) => labels?.severity))).toEqual(new Set(['ticket']));
  });
});
