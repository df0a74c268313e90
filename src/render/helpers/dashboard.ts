/** A dashboard as templates write it: what a person decides about it, and nothing that follows. */
interface Heading {
  /** The end of its address in Grafana, at most 40 characters. */
  readonly uid: string;
  readonly title: string;
  /** The service that it shows until somebody chooses another one; none: the first of all. */
  readonly service?: string;
  readonly runbook?: string;
}

interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

interface Panel {
  readonly title: string;
  readonly description: string;
  /** One of Grafana's ids of units, such as `s` or `reqps`. */
  readonly unit: string;
  /** Lines over time when left out. */
  readonly kind?: 'timeseries' | 'stat';
  /** From where on it is orange, and red. When `bad` is the smaller one, it is below. */
  readonly warn?: number;
  readonly bad?: number;
  readonly min?: number;
  readonly max?: number;
  readonly stacked?: boolean;
  readonly queries: readonly Query[];
}

interface Query {
  /** PromQL. `$of` is what every selector has: the service, and the namespaces that were chosen. */
  readonly expr: string;
  readonly legend: string;
}

const prometheus = { type: 'prometheus', uid: '${datasource}' };

/** Grafana's grid is 24 columns wide. */
const columns = 24;
const height = 8;
const mostBeside = 4;

/**
 * Returns a Grafana dashboard as JSON. Numbers, places and data sources of panels follow from their order.
 *
 * @param text lines of JSON: the {@link Heading}, then each {@link Row}
 */
export function dashboard(text: string): string {
  const [heading, ...rows] = text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  const { uid, title, service, runbook } = heading as Heading;
  const whole = {
    uid,
    title,
    tags: ['service'],
    editable: true,
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    timezone: 'utc',
    graphTooltip: 1,
    links: runbook === undefined ? [] : [{ type: 'link', title: 'Runbook', url: runbook, targetBlank: true }],
    annotations: { list: [starts] },
    templating: { list: variables(service) },
    panels: laidOut(rows as readonly Row[]),
  };
  return `${printed(whole, '')}\n`;
}

const widest = 120;

/** JSON with two spaces of indentation, in which what fits on a line stands on one. */
function printed(value: unknown, indent: string): string {
  const line = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || indent.length + line.length <= widest) return spaced(value);
  const inner = `${indent}  `;
  const [open, close, items] = Array.isArray(value)
    ? ['[', ']', value.map((item) => printed(item, inner))]
    : ['{', '}', Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${printed(item, inner)}`)];
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`;
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A line wherever a process began: most changes begin with one. */
const starts = {
  name: 'Starts',
  enable: true,
  hide: false,
  iconColor: 'blue',
  datasource: prometheus,
  expr: selected('process_start_time_seconds{$of} * 1000'),
  titleFormat: 'Start',
  textFormat: '{{component}} {{instance}}',
  useValueForTime: true,
};

function variables(service: string | undefined) {
  const ask = (name: string, query: string, rest: object) => ({
    name,
    label: name,
    type: 'query',
    datasource: prometheus,
    query: { query, refId: name },
    definition: query,
    refresh: 2,
    sort: 1,
    ...rest,
  });
  return [
    { name: 'datasource', label: 'datasource', type: 'datasource', query: 'prometheus', current: {} },
    ask('service', 'label_values(target_info, job)', {
      current: service === undefined ? {} : { selected: true, text: service, value: service },
    }),
    ask('namespace', 'label_values(target_info{job="$service"}, namespace)', {
      multi: true,
      includeAll: true,
      allValue: '.*',
      current: { selected: true, text: ['All'], value: ['$__all'] },
    }),
  ];
}

/** Rows below one another; the panels of a row in lines of equal height that fill the width. */
function laidOut(rows: readonly Row[]) {
  let id = 0;
  let y = 0;
  return rows.flatMap(({ title, panels }) => {
    id += 1;
    const head = { id, type: 'row', title, collapsed: false, gridPos: { h: 1, w: columns, x: 0, y }, panels: [] };
    y += 1;
    const lines = inLines(panels);
    const placed = lines.flatMap((line) => {
      const w = columns / line.length;
      const filled = line.map((panel, index) => {
        id += 1;
        return { id, gridPos: { h: height, w, x: index * w, y }, ...drawn(panel) };
      });
      y += height;
      return filled;
    });
    return [head, ...placed];
  });
}

function inLines(panels: readonly Panel[]): readonly (readonly Panel[])[] {
  const lines = Math.ceil(panels.length / mostBeside);
  const beside = Math.ceil(panels.length / lines);
  return Array.from({ length: lines }, (_, line) => panels.slice(line * beside, (line + 1) * beside));
}

function drawn(panel: Panel) {
  const { title, description, kind = 'timeseries', queries } = panel;
  return {
    type: kind,
    title,
    description,
    datasource: prometheus,
    fieldConfig: { defaults: { ...scale(panel), ...(kind === 'stat' ? {} : { custom: lines(panel) }) }, overrides: [] },
    options: kind === 'stat' ? statOptions : seriesOptions,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      expr: selected(expr),
      legendFormat: legend,
    })),
  };
}

function selected(expr: string): string {
  return expr.replaceAll('$of', 'job="$service", namespace=~"$namespace"');
}

function scale({ kind, unit, min, max, warn, bad }: Panel) {
  return {
    unit,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    color: { mode: kind === 'stat' ? 'thresholds' : 'palette-classic' },
    thresholds: { mode: 'absolute', steps: steps(warn, bad) },
  };
}

function steps(warn: number | undefined, bad: number | undefined) {
  const below = warn !== undefined && bad !== undefined && bad < warn;
  const at = (color: string, value: number | undefined) => (value === undefined ? [] : [{ color, value }]);
  if (below) return [{ color: 'red', value: null }, ...at('orange', bad), ...at('green', warn)];
  return [{ color: 'green', value: null }, ...at('orange', warn), ...at('red', bad)];
}

/** Thresholds of lines are drawn as areas; the lines keep colours that tell them apart. */
function lines({ stacked = false, bad }: Panel) {
  return {
    lineWidth: 1,
    fillOpacity: stacked ? 30 : 5,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    thresholdsStyle: { mode: bad === undefined ? 'off' : 'line+area' },
  };
}

const seriesOptions = {
  legend: { displayMode: 'table', placement: 'bottom', calcs: ['lastNotNull', 'max'] },
  tooltip: { mode: 'multi', sort: 'desc' },
};

const statOptions = {
  reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  colorMode: 'background',
  graphMode: 'area',
  textMode: 'value_and_name',
};
