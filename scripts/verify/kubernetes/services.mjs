import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { root } from '../../setup.mjs';

const directory = path.join(root, '.cache/kubernetes');

/** Services that differ in what they run: only a worker, MongoDB, no store, nothing at all, texts that YAML would misread. */
const fromMatrix = [
  'both-stores',
  'every-type-mongodb',
  'hostile-text-grpc',
  'no-resources',
  'nothing',
  'tasks-on-a-worker',
];

/** Returns the committed examples, and services that are generated here from the matrix. */
export async function services(report) {
  rmSync(directory, { recursive: true, force: true });
  const examples = ['catalog', 'orders', 'shipping'].map((name) => ({ name, at: path.join(root, 'examples', name) }));
  const others = [];
  for (const name of fromMatrix) {
    // All services of the matrix have one name; here each needs namespaces of its own.
    const manifest = parseDocument(readFileSync(path.join(root, 'test/services/manifests', `${name}.yaml`), 'utf8'));
    manifest.set('name', name);
    const at = await generated(report, name, manifest);
    if (at) others.push({ name, at });
  }
  return [...examples, ...others];
}

/** Generates the bundle that a cluster gets once. Returns its directory, or undefined when that failed. */
export async function platform(report) {
  const at = path.join(directory, 'platform');
  const args = ['bin/create-service.js', 'platform', at, '--logstash'];
  return (await report.step('platform: generate', process.execPath, args, { cwd: root })) ? at : undefined;
}

/** Generates orders as it was before it had messages and tasks. Returns its directory, or undefined when that failed. */
export function youngOrders(report) {
  const manifest = parseDocument(readFileSync(path.join(root, 'examples/orders/service.yaml'), 'utf8'));
  for (const key of ['consumes', 'tasks']) manifest.delete(key);
  manifest.deleteIn(['resources', 'order', 'events']);
  return generated(report, 'young-orders', manifest);
}

async function generated(report, name, document) {
  const at = path.join(directory, name);
  const manifest = `${at}.yaml`;
  mkdirSync(directory, { recursive: true });
  writeFileSync(manifest, String(document));
  const args = ['bin/create-service.js', 'new', at, '--manifest', manifest, '--yes', '--no-git'];
  return (await report.step(`${name}: generate`, process.execPath, args, { cwd: root })) ? at : undefined;
}

/** Returns the overlays of a service. */
export function overlays({ at }) {
  const all = path.join(at, 'deployments/kubernetes/overlays');
  return readdirSync(all)
    .sort()
    .map((environment) => ({ environment, overlay: path.join(all, environment) }));
}
