import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../setup.mjs';
import { run } from './run.mjs';

const script = path.join(root, 'test/services/validate-ops.sh');
const manifests = path.join(root, 'test/services/manifests');

/**
 * What takes too long for every run: the validators of operations files on every manifest, kube-score and checkov on the examples
 * and on a platform's bundle, Redocly and the AsyncAPI parser on the contracts of every manifest. test/services/accepted-findings.txt says which findings are kept.
 */
export async function policy(report) {
  const directory = mkdtempSync(path.join(tmpdir(), 'policy-'));
  const step = (name, ...args) => report.step(`policy: ${name}`, script, args, { cwd: root, show: true });
  const examples = readdirSync(path.join(root, 'examples')).map((name) => path.join(root, 'examples', name));
  try {
    await step('what is judged of the examples', '--policy', ...examples);
    await report.check('policy: render every manifest', () => everyManifest(directory));
    const matrix = readdirSync(directory).map((name) => path.join(directory, name));
    await step('operations files of every manifest', ...matrix);
    await step('contracts', '--contracts', ...examples, ...matrix);
    await bundle(report, step, path.join(directory, 'platform'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function everyManifest(directory) {
  const names = readdirSync(manifests).map((name) => path.basename(name, '.yaml'));
  for (const name of names) {
    const [manifest, service] = [path.join(manifests, `${name}.yaml`), path.join(directory, name)];
    await run(process.execPath, ['scripts/render.mjs', manifest, service], { cwd: root });
  }
  return `${names.length} services`;
}

async function bundle(report, step, at) {
  for (const server of ['otel', 'alertmanager', 'prometheus']) {
    const install = path.join(root, `test/servers/${server}.sh`);
    if (!(await report.step(`policy: install ${server}`, install, ['install'], { cwd: root }))) return;
  }
  const args = ['bin/create-service.js', 'platform', at, '--logstash'];
  if (!(await report.step('policy: a bundle', process.execPath, args, { cwd: root }))) return;
  await step('the bundle', '--platform', at);
}
