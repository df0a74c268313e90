import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';
import { checkService, checkWithServers } from './service.mjs';

const manifests = path.join(root, 'test/services/manifests');

/** One place for all services of the matrix, one after the other: Go's build cache knows packages by their directory. */
const directory = path.join(root, '.cache/matrix/service');

/** The services whose tests also run against a database. */
const withServers = new Set([
  'cached',
  'every-type',
  'every-type-grpc',
  'every-type-mongodb',
  'messages-mongodb',
  'some-operations',
]);

/** Generates a service from each manifest of the matrix and holds it to everything that a fresh service promises. */
export async function matrix(report) {
  for (const file of readdirSync(manifests).sort()) {
    const name = path.basename(file, '.yaml');
    rmSync(directory, { recursive: true, force: true });
    const args = [
      'bin/create-service.js',
      'new',
      directory,
      '--manifest',
      path.join(manifests, file),
      '--yes',
      '--no-git',
    ];
    if (!(await report.step(`${name}: generate`, process.execPath, args, { cwd: root }))) continue;
    await checkService(report, name, directory);
    if (withServers.has(name)) await checkWithServers(report, name, directory);
  }
}
