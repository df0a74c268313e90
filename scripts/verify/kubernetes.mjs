import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { root } from '../setup.mjs';
import { Cluster } from './kubernetes/cluster.mjs';
import { rolloutProblems } from './kubernetes/rollout.mjs';
import { overlays, platform, services, youngOrders } from './kubernetes/services.mjs';

/**
 * A real API server takes every manifest of the examples and of some services of the matrix, in every environment: a strict
 * dry run, a true apply that changes nothing the second time, Pod Security `restricted` enforced, no warning. Then
 * `make deploy` rolls services out, on nodes that pretend to run pods, and orders is upgraded that way.
 */
export async function kubernetes(report) {
  const script = path.join(root, 'test/servers/kubernetes.sh');
  if (!(await report.step('kubernetes: install', script, ['install'], { cwd: root }))) return;
  const cluster = new Cluster();
  try {
    if (!(await report.check('kubernetes: start', () => started(cluster)))) return;
    await report.check('kubernetes: refuses what breaks the rules', () => refusesBadPods(cluster));
    await acceptsAll(report, cluster, await services(report));
    await rollsOut(report, cluster);
  } finally {
    await cluster.stop();
  }
}

async function started(cluster) {
  await cluster.start();
  const { stdout } = await cluster.run('kubectl', ['version', '--output', 'json']);
  return JSON.parse(stdout).serverVersion.gitVersion;
}

const container = { name: 'c', image: 'registry.invalid/c:1' };
const bad = {
  'a pod that may be root': {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'bad' },
    spec: { containers: [container] },
  },
  'a Deployment of such pods': {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'bad' },
    spec: {
      selector: { matchLabels: { app: 'bad' } },
      template: { metadata: { labels: { app: 'bad' } }, spec: { containers: [container] } },
    },
  },
  'a field that does not exist': { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'bad' }, dada: {} },
  'a Certificate that lasts "long"': {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'bad' },
    spec: { secretName: 'bad', issuerRef: { name: 'bad' }, durations: 'long' },
  },
};

/** That the checks below can fail: defects of four kinds, sent the same way into a namespace with the same labels. */
async function refusesBadPods(cluster) {
  const [namespace] = (await cluster.render(overlays(orders)[0].overlay)).filter(({ kind }) => kind === 'Namespace');
  const name = 'refusals';
  await cluster.apply([{ ...namespace, metadata: { ...namespace.metadata, name, namespace: undefined } }]);
  for (const [what, object] of Object.entries(bad)) {
    const placed = { ...object, metadata: { ...object.metadata, namespace: name } };
    const error = await cluster.apply([placed], '--dry-run=server').then(
      () => undefined,
      (refusal) => refusal,
    );
    if (!error) throw new Error(`${what} was accepted`);
  }
  return Object.keys(bad).join(', ');
}

const orders = { name: 'orders', at: path.join(root, 'examples/orders') };

async function acceptsAll(report, cluster, all) {
  let count = 0;
  for (const service of all) {
    for (const { environment, overlay } of overlays(service)) {
      await report.check(`${service.name}/${environment}: accepted`, async () => {
        const objects = await accepted(cluster, await cluster.render(overlay));
        count += objects;
        return `${objects} objects`;
      });
    }
  }
  const bundle = await platform(report);
  if (bundle) {
    await report.check('the bundle of a platform: accepted', async () => {
      const objects = await accepted(cluster, await cluster.kustomize(bundle));
      count += objects;
      return `${objects} objects`;
    });
  }
  report.note(
    `kubernetes: ${count} objects of ${all.length} services and a platform accepted, dry and applied, without a warning`,
  );
}

async function accepted(cluster, objects) {
  const namespaces = objects.filter(({ kind }) => kind === 'Namespace');
  // The server looks for the namespace of each object also when it only tries.
  await cluster.apply(namespaces);
  await cluster.apply(objects, '--dry-run=server');
  await cluster.apply(objects);
  const before = await cluster.generations(objects);
  await cluster.apply(objects);
  const after = await cluster.generations(objects);
  const changed = Object.keys(before).filter((name) => before[name] !== after[name]);
  if (changed.length > 0) throw new Error(`changed by applying it again: ${changed.join(', ')}`);
  for (const { metadata } of namespaces) await cluster.deleteNamespace(metadata.name);
  return objects.length;
}

/** `make deploy`: Jobs first, then the Deployments; on services that have both, one, or no Jobs. */
async function rollsOut(report, cluster) {
  for (const name of ['tasks-on-a-worker', 'nothing'])
    await rollOut(report, cluster, { name, at: path.join(root, '.cache/kubernetes', name) });
  const young = await youngOrders(report);
  if (!young) return;
  await rollOut(report, cluster, { name: 'orders without messages', at: young });
  await rollOut(report, cluster, { name: 'orders over that', at: orders.at, isUpgrade: true });
  await failedJobEndsIt(report, cluster);
}

/** `make deploy` of orders whose migration has no node to run on and little time: it ends with what the Job says. */
async function failedJobEndsIt(report, cluster) {
  const at = path.join(root, '.cache/kubernetes/stuck');
  cpSync(orders.at, at, { recursive: true });
  const file = path.join(at, 'deployments/kubernetes/base/migrate.yaml');
  const stuck = readFileSync(file, 'utf8')
    .replace('activeDeadlineSeconds: 900', 'activeDeadlineSeconds: 5')
    .replace('      restartPolicy: Never', '      nodeSelector: { nowhere: "true" }\n      restartPolicy: Never');
  writeFileSync(file, stuck);
  await report.check('orders: make deploy when a Job fails', async () => {
    const started = Date.now();
    const failure = await cluster.run('make', ['deploy', 'ENVIRONMENT=prod'], { cwd: at }).then(
      () => '',
      ({ message }) => message,
    );
    const told = /^orders-migrate: .*deadline.*$/m.exec(failure);
    if (!told) throw new Error(failure || 'it ended well');
    return `after ${Math.round((Date.now() - started) / 1000)} s: ${told[0]}`;
  });
}

async function rollOut(report, cluster, { name, at, isUpgrade = false }) {
  await report.check(`${name}: make deploy`, async () => {
    const objects = await cluster.render(path.join(at, 'deployments/kubernetes/overlays/prod'));
    const { namespace } = objects.find(({ kind }) => kind === 'Deployment').metadata;
    if (!isUpgrade) await cluster.waitForDeletion(namespace);
    const { stderr } = await cluster.run('make', ['deploy', 'ENVIRONMENT=prod'], { cwd: at });
    if (stderr.includes('Warning:')) throw new Error(stderr);
    const problems = await settled(cluster, namespace);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const deployments = await cluster.list('deployments', namespace);
    return deployments.map(({ metadata, status }) => `${metadata.name} ${status.readyReplicas} ready`).join(', ');
  });
}

/** Controllers need a moment after the pods are ready; an autoscaler looks every 15 s. */
async function settled(cluster, namespace) {
  const end = Date.now() + 60_000;
  let problems = await rolloutProblems(cluster, namespace);
  while (problems.length > 0 && Date.now() < end) {
    await setTimeout(1000);
    problems = await rolloutProblems(cluster, namespace);
  }
  return problems;
}
