import { rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';

const directory = path.join(root, '.cache/faults/service');

/** A service with a cache, under load, while its Redis is killed and frozen: nothing fails, nothing waits for long. */
export async function faults(report) {
  for (const server of ['mariadb', 'redis']) {
    const script = path.join(root, 'test/servers', `${server}.sh`);
    if (!(await report.step(`faults: install ${server}`, script, ['install'], { cwd: root }))) return;
  }
  rmSync(directory, { recursive: true, force: true });
  const manifest = path.join(root, 'test/services/manifests/cached.yaml');
  const args = ['bin/create-service.js', 'new', directory, '--manifest', manifest, '--yes', '--no-git'];
  if (!(await report.step('faults: generate', process.execPath, args, { cwd: root }))) return;
  const run = ['run', './faults', '-root', root, '-service', directory];
  const cwd = path.join(root, 'test/services');
  await report.step('faults: the Redis of a cache is killed and frozen', 'go', run, { cwd, show: true });
}
