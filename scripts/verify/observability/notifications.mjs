import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { root } from '../../setup.mjs';
import { run } from '../run.mjs';

const configuration = path.join(root, 'templates/platform/files/config/alertmanager.yaml');
/** Rules, and the namespace whose alerts they are. */
const rules = {
  'orders-prod': path.join(root, 'examples/orders/deployments/kubernetes/components/monitoring/prometheus-rule.yaml'),
  monitoring: path.join(root, 'templates/platform/files/self-monitoring.yaml'),
};
/** Those that `ErrorBudgetBurnsFast` and `CertificateEnds` say already. */
const untold = ['CertificateEndsSoon', 'ErrorBudgetBurnsSlowly'];

/**
 * A real Alertmanager, with the configuration of the bundle, is given every alert of orders and of the platform at once: what
 * pages goes to one webhook, the rest to the other, those of orders with where to look them up, and the watchdog to a third.
 *
 * @param directory for its data, and the files with the addresses that a cluster has in a Secret
 */
export async function notifications(report, directory) {
  const script = path.join(root, 'test/servers/alertmanager.sh');
  if (!(await report.step('observability: install alertmanager', script, ['install'], { cwd: root }))) return;
  const receivers = await listen();
  const config = path.join(directory, 'alertmanager.yaml');
  writeFileSync(
    config,
    readFileSync(configuration, 'utf8').replaceAll('/etc/alertmanager/secrets/alert-receivers', directory),
  );
  for (const name of ['page', 'ticket', 'watchdog'])
    writeFileSync(path.join(directory, name), `${receivers.url}/${name}`);
  const env = { ...process.env, DATA_DIR: directory, ALERTMANAGER_CONFIG: config };
  const server = (action) => run(script, [action], { env });
  try {
    await server('start');
    await report.check('observability: who hears of which alert', async () =>
      told(await server('addr'), receivers.heard),
    );
  } finally {
    await server('clean');
    receivers.close();
  }
}

async function told(addr, heard) {
  const alerts = Object.keys(rules).flatMap(alertsOf);
  const body = JSON.stringify(
    alerts.map(({ namespace, alert, labels, annotations }) => ({
      labels: { alertname: alert, namespace, ...labels },
      annotations,
    })),
  );
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(`http://${addr}/api/v2/alerts`, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const wanted = (severity) =>
    alerts
      .filter(({ alert, labels }) => labels.severity === severity && !untold.includes(alert))
      .map(({ alert }) => alert);
  const counts = [];
  for (const severity of ['page', 'ticket']) {
    const messages = await waitFor(heard, severity);
    const names = messages.flatMap(({ alerts }) => alerts.map(({ labels }) => labels.alertname));
    if (names.sort().join() !== wanted(severity).sort().join()) {
      throw new Error(`${severity} heard of ${names}, and should have of ${wanted(severity)}`);
    }
    const mute = messages
      .flatMap(({ alerts }) => alerts)
      .filter(({ labels, annotations }) => labels.namespace !== 'monitoring' && !annotations.runbook_url);
    if (mute.length > 0) throw new Error(`without a runbook: ${mute.map(({ labels }) => labels.alertname)}`);
    counts.push(`${severity} ${names.length} alerts in ${messages.length} messages`);
  }
  const [beat] = await waitFor(heard, 'watchdog', 1);
  if (beat?.alerts[0].labels.alertname !== 'Watchdog') throw new Error('the watchdog was not heard');
  return `${counts.join(', ')}; not said: ${untold.join(', ')}`;
}

function alertsOf(namespace) {
  return parseAllDocuments(readFileSync(rules[namespace], 'utf8'))
    .map((document) => document.toJS())
    .filter(({ kind }) => kind === 'PrometheusRule')
    .flatMap(({ spec }) => spec.groups.flatMap((group) => group.rules))
    .filter(({ alert }) => alert)
    .map((rule) => ({ namespace, ...rule }));
}

/** The first message of a group, one for each namespace, comes after `group_wait`; whoever is told twice is told at once. */
async function waitFor(heard, receiver, groups = Object.keys(rules).length) {
  for (const end = Date.now() + 60_000; ; await setTimeout(500)) {
    if (heard[receiver].length >= groups || Date.now() > end) return heard[receiver];
  }
}

/** Webhooks that keep what they are told. */
async function listen() {
  const heard = { page: [], ticket: [], watchdog: [] };
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    heard[path.basename(request.url)].push(JSON.parse(Buffer.concat(chunks)));
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { heard, url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
