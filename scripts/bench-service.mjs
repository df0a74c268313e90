// Measures what a request costs a generated service, against the same one written by hand (test/services/baseline).
//
//   npm run bench:service -- [-rounds N] [-requests N] [-clients N] [-profile FILE]
//
// Needs Go and installs MariaDB and a collector where they are missing. Prints requests a second and processor time a
// request, medians of interleaved rounds, and exits 1 when the generated service needs more than 1.3 times as much.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { buildTool, root } from './setup.mjs';

const directory = path.join(root, '.cache/compare/service');

buildTool();
for (const server of ['mariadb', 'otel']) run(path.join(root, 'test/servers', `${server}.sh`), ['install']);
rmSync(directory, { recursive: true, force: true });
const manifest = path.join(root, 'test/services/compared-orders.yaml');
run(process.execPath, ['bin/create-service.js', 'new', directory, '--manifest', manifest, '--yes', '--no-git']);
const cwd = path.join(root, 'test/services');
run('go', ['run', './compare', '-root', root, '-service', directory, ...process.argv.slice(2)], cwd);

function run(command, args, cwd = root) {
  try {
    execFileSync(command, args, { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  } catch (error) {
    process.exit(typeof error.status === 'number' ? error.status : 1);
  }
}
