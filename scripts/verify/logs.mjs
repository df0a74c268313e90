import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { root } from '../setup.mjs';
import { FilebeatFront } from './logs/filebeat-front.mjs';
import { run } from './run.mjs';

/** What fields of arrived documents must be. Of each, some document has one. */
const types = {
  '@timestamp': 'date',
  message: 'text',
  'log.level': 'keyword',
  'log.origin.file.line': 'long',
  'ecs.version': 'keyword',
  'service.name': 'keyword',
  'service.environment': 'keyword',
  'trace.id': 'keyword',
  'span.id': 'keyword',
  'http.request.method': 'keyword',
  'http.response.status_code': 'long',
  'event.duration': 'long',
  'client.ip': 'ip',
};

/**
 * A real Filebeat reads the log of orders while it runs, as a node of a cluster has it, with the configuration of the bundle and the
 * hints of the service's own pods, and ships it to an OpenSearch with the index template of the bundle: every line arrives, none
 * is refused, fields have the types of the schema. Its spans go through a real collector, with the configuration of the bundle, to
 * a real Jaeger: the trace.id of a line leads to its trace.
 */
export async function logs(report) {
  for (const server of ['mariadb', 'redis', 'kafka', 'opensearch', 'filebeat', 'jaeger', 'otel']) {
    const script = path.join(root, 'test/servers', `${server}.sh`);
    if (!(await report.step(`logs: install ${server}`, script, ['install'], { cwd: root }))) return;
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'logs-'));
  const bundle = path.join(directory, 'bundle');
  const generate = ['bin/create-service.js', 'platform', bundle];
  if (!(await report.step('logs: generate the bundle', process.execPath, generate, { cwd: root }))) return;
  const env = { ...process.env, DATA_DIR: path.join(directory, 'servers') };
  const server = (name, action, more = {}) =>
    run(path.join(root, 'test/servers', `${name}.sh`), [action], { env: { ...env, ...more } });
  const front = new FilebeatFront();
  try {
    await server('opensearch', 'start');
    await front.start(`http://${await server('opensearch', 'addr')}`);
    await report.check('logs: index template', () => installTemplate(front, bundle));
    const containers = path.join(directory, 'containers');
    mkdirSync(containers);
    const configuration = configure(bundle, directory, containers);
    await server('filebeat', 'start', { FILEBEAT_CONFIG: configuration, ELASTICSEARCH_URL: front.url });
    const jaeger = await startJaeger(server, bundle);
    const file = path.join(containers, `orders-5d4f_orders_orders-${containerId}.log`);
    const args = ['run', './logs', '-root', root, '-out', file, '-collector', jaeger.collector];
    const { lines, calls, trace } = JSON.parse(await run('go', args, { cwd: path.join(root, 'test/services') }));
    await report.check('logs: every line is a document', () => arrived(front, lines, calls));
    await report.check('logs: types', () => typed(front));
    await report.check('logs: trace.id', () => traced(front, calls, trace));
    await report.check('logs: from a line to its trace', () => leads(front, jaeger.api, trace));
    await report.check('logs: what does not fit costs no document', () => forgiving(front, file, lines));
  } finally {
    await server('filebeat', 'clean');
    await server('opensearch', 'clean');
    await server('otel', 'clean');
    await server('jaeger', 'clean');
    front.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

const containerId = 'c0ffee';

/** Lifecycles are Elasticsearch's: OpenSearch knows no such setting. */
async function installTemplate(front, bundle) {
  const template = JSON.parse(readFileSync(path.join(bundle, 'config/setup/index-template.json'), 'utf8'));
  delete template.template.settings['index.lifecycle.name'];
  const { acknowledged } = await front.ask('PUT', '/_index_template/service-logs', template);
  if (!acknowledged) throw new Error('not acknowledged');
  return `for ${template.index_patterns.join(', ')}`;
}

/**
 * Writes what Filebeat reads, and returns it: filebeat.yml of the bundle as it is; the input that its autodiscovery would make of
 * hints.default_config and of the annotations, as Filebeat's builder of hints does; and what is only so here.
 */
function configure(bundle, directory, containers) {
  const shipped = path.join(bundle, 'config/filebeat/filebeat.yml');
  const [provider] = parse(readFileSync(path.join(bundle, 'config/filebeat/kubernetes.yml'), 'utf8'))[
    'filebeat.autodiscover.providers'
  ];
  const { paths, ...input } = provider['hints.default_config'];
  const place = (name) =>
    name.replace('/var/log/containers', containers).replaceAll(`\${data.kubernetes.container.id}`, containerId);
  const discovered = path.join(directory, 'discovered.yml');
  writeFileSync(discovered, stringify({ 'filebeat.inputs': [{ ...input, paths: paths.map(place), ...hints() }] }));
  const here = path.join(directory, 'here.yml');
  // OpenSearch says that it is 7.10.
  writeFileSync(here, stringify({ 'output.elasticsearch.allow_older_versions': true, 'http.enabled': false }));
  return [shipped, discovered, here].join(':');
}

/** The options that the annotations of orders' pods are: `co.elastic.logs/json.target` is `json: {target}`. */
function hints() {
  const manifest = path.join(root, 'examples/orders/deployments/kubernetes/base/server.yaml');
  const objects = parseAllDocuments(readFileSync(manifest, 'utf8')).map((document) => document.toJS());
  const { annotations } = objects.find(({ kind }) => kind === 'Deployment').spec.template.metadata;
  const json = Object.entries(annotations).flatMap(([name, value]) => {
    const option = /^co\.elastic\.logs\/json\.(.+)$/.exec(name)?.[1];
    return option ? [[option, JSON.parse(value)]] : [];
  });
  if (json.length === 0) throw new Error('the pods of orders have no hints');
  return { json: Object.fromEntries(json) };
}

const stream = '/logs-service-staging';

async function arrived(front, lines, calls) {
  const documents = await waitFor(front, lines);
  const { refused, taken } = front.counts;
  const broken = await count(front, { exists: { field: 'error.type' } });
  const json = await count(front, { term: { 'error.type': 'json' } });
  if (documents !== lines || refused > 0 || json > 0) {
    throw new Error(`${lines} lines, ${documents} documents, ${refused} refused (${front.reasons}), ${json} not JSON`);
  }
  return `${calls} calls, ${lines} lines, ${taken} taken, ${refused} refused, ${documents} documents, ${broken} with an error's type`;
}

async function waitFor(front, wanted) {
  for (const end = Date.now() + 60_000; ; await setTimeout(500)) {
    const documents = await count(front, { match_all: {} });
    if (documents >= wanted || Date.now() > end) return documents;
  }
}

async function count(front, query) {
  await front.ask('POST', `${stream}/_refresh`).catch(() => undefined);
  const answer = await front.ask('GET', `${stream}/_count`, { query }).catch(() => ({ count: 0 }));
  return answer.count;
}

async function typed(front) {
  const fields = await front.ask('GET', `${stream}/_mapping/field/${Object.keys(types).join(',')}`);
  const [{ mappings }] = Object.values(fields);
  const wrong = [];
  for (const [field, type] of Object.entries(types)) {
    const found = Object.values(mappings[field]?.mapping ?? {})[0]?.type;
    const some = await count(front, { exists: { field } });
    if (found !== type || some === 0) wrong.push(`${field}: ${found} instead of ${type}, in ${some} documents`);
  }
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return Object.entries(types)
    .map(([field, type]) => `${field} ${type}`)
    .join(', ');
}

/** Every call is in the log with a trace of its own, and the id that a caller sent finds what the service wrote about it. */
async function traced(front, calls, trace) {
  const documents = await count(front, { exists: { field: 'trace.id' } });
  const aggs = { traces: { cardinality: { field: 'trace.id', precision_threshold: 40_000 } } };
  const { aggregations } = await front.ask('GET', `${stream}/_search`, { size: 0, aggs });
  const found = await count(front, { term: { 'trace.id': trace } });
  const traces = aggregations.traces.value;
  if (traces < calls || found === 0)
    throw new Error(`${traces} traces of ${calls} calls, ${found} documents of ${trace}`);
  return `${documents} documents, ${traces} traces; the id that the last caller sent finds ${found}`;
}

/** Starts Jaeger, and before it a collector with the configuration of the bundle. */
async function startJaeger(server, bundle) {
  await server('jaeger', 'start');
  await server('otel', 'start', {
    COLLECTOR_CONFIG: path.join(bundle, 'config/collector.yaml'),
    JAEGER_ENDPOINT: await server('jaeger', 'addr'),
    SAMPLING_PERCENTAGE: '100',
  });
  return { api: `http://${await server('jaeger', 'api')}`, collector: await server('otel', 'addr') };
}

/** What Jaeger is asked is what a document has: the trace that it shows has the span of that document. */
async function leads(front, jaeger, trace) {
  const query = { bool: { filter: [{ term: { 'trace.id': trace } }, { exists: { field: 'span.id' } }] } };
  const { hits } = await front.ask('GET', `${stream}/_search`, { query });
  const ids = hits.hits.map(({ _source: { span, ...source } }) => span?.id ?? source['span.id']);
  const spans = await spansOf(jaeger, trace);
  const missing = ids.filter((id) => !spans.some(({ spanID }) => spanID === id));
  if (ids.length === 0 || missing.length > 0) throw new Error(`of ${ids}, not among ${spans.length} spans: ${missing}`);
  return `${spans.length} spans: ${spans.map(({ operationName }) => operationName).join(', ')}`;
}

async function spansOf(jaeger, trace) {
  for (const end = Date.now() + 30_000; ; await setTimeout(500)) {
    const answer = await fetch(`${jaeger}/api/traces/${trace}`);
    if (answer.ok) return (await answer.json()).data[0].spans;
    if (Date.now() > end) throw new Error(`Jaeger has no trace ${trace}: ${answer.status} ${await answer.text()}`);
  }
}

/** A line whose fields have other types than the schema's, and one that is no JSON, arrive too. */
async function forgiving(front, file, lines) {
  const bad = JSON.parse(
    readFileSync(file, 'utf8')
      .split('\n')[0]
      .replace(/^\S+ stdout F /, ''),
  );
  const odd = { ...bad, 'http.response.status_code': 'none', 'client.ip': 'nobody', 'event.duration': 'long' };
  const time = new Date().toISOString();
  writeFileSync(file, `${time} stdout F ${JSON.stringify(odd)}\n${time} stderr F panic: no JSON\n`, { flag: 'a' });
  const documents = await waitFor(front, lines + 1);
  const others = await waitForOther(front);
  const { refused } = front.counts;
  if (documents !== lines + 1 || others !== 1 || refused > 0) {
    throw new Error(
      `${documents - lines} of 1, ${others} of 1 among other containers', ${refused} refused (${front.reasons})`,
    );
  }
  return 'a line with wrong types, and one that is no JSON';
}

async function waitForOther(front) {
  for (const end = Date.now() + 30_000; ; await setTimeout(500)) {
    await front.ask('POST', '/logs-container-default/_refresh').catch(() => undefined);
    const { count } = await front.ask('GET', '/logs-container-default/_count').catch(() => ({ count: 0 }));
    if (count > 0 || Date.now() > end) return count;
  }
}
