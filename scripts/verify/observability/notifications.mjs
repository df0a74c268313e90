import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'yaml';
import { root } from '../../setup.mjs';
import { run } from '../run.mjs';

const configuration = path.join(root, 'templates/platform/files/config/alertmanager.yaml');
const rules = path.join(root, 'examples/orders/deployments/kubernetes/components/monitoring/prometheus-rule.yaml');
/** Those that `ErrorBudgetBurnsFast` and `CertificateEnds` say already. */
const untold = ['CertificateEndsSoon', 'ErrorBudgetBurnsSlowly'];

/**
 * A real Alertmanager, with the configuration of the bundle, is given every alert of orders at once: what pages goes to one
 * webhook, the rest to the other, each with where to look it up.
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
  for (const name of ['page', 'ticket']) writeFileSync(path.join(directory, name), `${receivers.url}/${name}`);
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
  const alerts = parse(readFileSync(rules, 'utf8')).spec.groups.flatMap(({ rules }) =>
    rules.filter(({ alert }) => alert),
  );
  const body = JSON.stringify(
    alerts.map(({ alert, labels, annotations }) => ({
      labels: { alertname: alert, namespace: 'orders-prod', ...labels },
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
    const mute = messages.flatMap(({ alerts }) => alerts.filter(({ annotations }) => !annotations.runbook_url));
    if (mute.length > 0) throw new Error(`without a runbook: ${mute.map(({ labels }) => labels.alertname)}`);
    counts.push(`${severity} ${names.length} alerts in ${messages.length} message`);
  }
  return `${counts.join(', ')}; not said: ${untold.join(', ')}`;
}

/** The first message of a group comes after `group_wait`; whoever is told twice is told at once. */
async function waitFor(heard, receiver) {
  for (const end = Date.now() + 60_000; ; await setTimeout(500)) {
    if (heard[receiver].length > 0 || Date.now() > end) return heard[receiver];
  }
}

/** Webhooks that keep what they are told. */
async function listen() {
  const heard = { page: [], ticket: [] };
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    heard[path.basename(request.url)].push(JSON.parse(Buffer.concat(chunks)));
    response.end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { heard, url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}
