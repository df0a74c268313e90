import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../setup.mjs';
import { checkAlerts } from './alerts.mjs';
import { notifications } from './observability/notifications.mjs';
import { run } from './run.mjs';

const folders = ['test/services/manifests', 'test/golden/manifests'];

/**
 * The alerts of every manifest of the repository pass their tests, every query of their dashboards is PromQL, a real
 * Alertmanager tells those who should hear of an alert, and under a real Prometheus the faults that are forced on orders raise
 * the alerts that they should.
 */
export async function observability(report) {
  for (const server of ['mariadb', 'redis', 'kafka', 'mongo', 'prometheus']) {
    const script = path.join(root, 'test/servers', `${server}.sh`);
    if (!(await report.step(`observability: install ${server}`, script, ['install'], { cwd: root }))) return;
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'observability-'));
  try {
    await everyManifest(report, directory);
    await notifications(report, directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
  const cwd = path.join(root, 'test/services');
  await report.step('observability: faults', 'go', ['run', './observability', '-root', root], { cwd, show: true });
}

async function everyManifest(report, directory) {
  const queries = new Set();
  for (const manifest of manifests()) {
    const name = path.basename(manifest, '.yaml');
    const service = path.join(directory, name);
    await run(process.execPath, ['scripts/render.mjs', manifest, service], { cwd: root });
    await checkAlerts(report, name, service);
    for (const query of queriesOf(service)) queries.add(query);
    rmSync(service, { recursive: true });
  }
  await report.check('observability: queries of the dashboards', async () => {
    const rules = [...queries].map((expr, index) => ({ record: `query:${index}`, expr }));
    const file = path.join(directory, 'queries.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboards', rules }] }));
    await run('promtool', ['check', 'rules', file]);
    return `${rules.length} of them`;
  });
}

function manifests() {
  const below = (folder) =>
    readdirSync(path.join(root, folder))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => path.join(folder, name));
  return folders.flatMap(below).sort();
}

/** The queries of a service's dashboard, with its variables filled in. */
function queriesOf(service) {
  const file = path.join(service, 'deployments/kubernetes/components/monitoring/dashboard.json');
  const { panels } = JSON.parse(readFileSync(file, 'utf8'));
  const exprs = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  return exprs.map((expr) => expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$\w+/g, 'any'));
}
