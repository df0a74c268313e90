// Measures a fleet: many services that newer templates would change nothing of, and all that they change one file of, updated
// by one command.
//
//   npm run bench:fleet -- [--services N] [--jobs N] [--dir DIR]
//
// Prints services a second, processor time for each (user + system of the process and its children) against `node -e 0`,
// and the peak memory of the processes together at a tenth of the services and at all of them. Exits 1 when a service takes
// more than 3.5 × `node -e 0`, or memory grows by more than a quarter. Linux: memory is read from /proc.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { median } from './median.mjs';
import { installPackages, root } from './setup.mjs';

const bars = { cpu: 3.5, memory: 1.25 };

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '1000' },
    jobs: { type: 'string', default: '2' },
    dir: { type: 'string', default: tmpdir() },
  },
});
const total = Number(values.services);
const scratch = mkdtempSync(path.join(values.dir, 'create-service-fleet-'));
process.once('SIGINT', () => {
  rmSync(scratch, { recursive: true, force: true });
  process.exit(130);
});
try {
  process.exitCode = (await benchmark(build())) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Builds the tool as it is now, apart from dist/, and returns the path of its command. */
function build() {
  installPackages();
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), path.join(scratch, 'dist')]);
  for (const name of ['bin', 'package.json'])
    cpSync(path.join(root, name), path.join(scratch, name), { recursive: true });
  return path.join(scratch, 'bin/create-service.js');
}

async function benchmark(tool) {
  const { floor, single } = floors(tool);
  console.log(`Node ${process.version}, ${total} services (REST, MySQL, events), ${values.jobs} jobs`);
  console.log(
    `node -e 0: ${floor.toFixed(0)} ms CPU; update of one service by itself: ${single.toFixed(0)} ms, × ${(single / floor).toFixed(2)}`,
  );
  console.log('                                   services/s   CPU ms each   × node -e 0   peak MB');
  const rows = [
    ['--check, a tenth of them', ['--check'], total / 10],
    ['--check', ['--check'], total],
    ['update, nothing to write', [], total],
    ['update, a setting more in each', [], total, addSetting],
  ];
  const results = [];
  for (const [title, flags, count, prepare] of rows)
    results.push(await measured(tool, title, flags, count, floor, prepare));
  const grows = results[1].peak / results[0].peak;
  const slowest = Math.max(...results.map(({ ratio }) => ratio));
  console.log(`CPU of the slowest ≤ ${bars.cpu} × node -e 0: ${slowest <= bars.cpu ? 'kept' : 'MISSED'}`);
  console.log(
    `memory at ${total} / at ${total / 10}: ${grows.toFixed(2)}, ≤ ${bars.memory}: ${grows <= bars.memory ? 'kept' : 'MISSED'}`,
  );
  return slowest <= bars.cpu && grows <= bars.memory;
}

/** Makes the service that all are copies of, and returns the CPU of starting Node and of an update by itself, medians. */
function floors(tool) {
  const {
    consumes: _,
    tasks: __,
    clients: ___,
    ...rest
  } = parse(readFileSync(path.join(root, 'examples/orders/service.yaml'), 'utf8'));
  writeFileSync(path.join(scratch, 'service.yaml'), stringify({ ...rest, api: ['rest'] }));
  const first = path.join(scratch, 'first');
  execFileSync(
    process.execPath,
    [tool, 'new', first, '--manifest', path.join(scratch, 'service.yaml'), '--yes', '--no-git'],
    { stdio: 'ignore' },
  );
  for (const folder of ['tenth', 'rest']) mkdirSync(path.join(scratch, 'fleet', folder), { recursive: true });
  for (let index = 0; index < total; index++) {
    execFileSync('cp', ['-r', first, path.join(scratch, 'fleet', group(index), `s${index}`)]);
  }
  const times = (command) => median(Array.from({ length: 11 }, () => timed(command)).slice(1));
  return {
    floor: times(`${process.execPath} -e 0`),
    single: times(`${process.execPath} ${tool} update --cwd ${first}`),
  };
}

/** A tenth of the services is in one folder, so that it can be asked for. */
function group(index) {
  return index < total / 10 ? 'tenth' : 'rest';
}

function addSetting() {
  for (const folder of ['tenth', 'rest']) {
    for (const name of readdirSync(path.join(scratch, 'fleet', folder))) {
      const file = path.join(scratch, 'fleet', folder, name, 'service.yaml');
      const manifest = parse(readFileSync(file, 'utf8'));
      manifest.config = { ...manifest.config, added: { type: 'int32', default: 1, description: 'Added to all.' } };
      writeFileSync(file, stringify(manifest));
    }
  }
}

/** Runs the tool on some services while the memory of its processes is looked at, prints a row and returns its figures. */
async function measured(tool, title, flags, count, floor, prepare = () => {}) {
  prepare();
  const folder = path.join(scratch, 'fleet', ...(count < total ? ['tenth'] : []));
  const command = `${process.execPath} ${tool} update --all ${folder} --jobs ${values.jobs} --json ${flags.join(' ')}`;
  const output = path.join(scratch, 'output.json');
  const script = `TIMEFORMAT='%U %S %R'; time ${command} >${output} 2>/dev/null`;
  const child = spawn('bash', ['-c', script], {
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  let peak = 0;
  const watch = setInterval(() => {
    peak = Math.max(peak, memoryOf(child.pid));
  }, 50);
  const code = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(watch);
  const { summary } = JSON.parse(readFileSync(output, 'utf8'));
  if (
    code !== 0 ||
    summary.done !== count ||
    summary.states[prepare === addSetting ? 'changed' : 'unchanged'] !== count
  ) {
    throw new Error(`${title}: exit ${code}, ${JSON.stringify(summary)}`);
  }
  const [user, system, wall] = said.trim().split(' ').map(Number);
  const each = ((user + system) * 1000) / count;
  const cells = [
    (count / wall).toFixed(1).padStart(12),
    each.toFixed(1).padStart(14),
    (each / floor).toFixed(2).padStart(14),
    (peak / 1024).toFixed(0).padStart(10),
  ];
  console.log(`${title.padEnd(32)} ${cells.join('')}`);
  return { peak, ratio: each / floor };
}

/** Resident memory of a process and of all that it started, in KiB: what they share is counted once for each. */
function memoryOf(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    const [, own = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return children.reduce((sum, child) => sum + memoryOf(child), Number(own));
  } catch {
    return 0; // It has just ended.
  }
}

/** Milliseconds of user and system time. */
function timed(command) {
  const script = `TIMEFORMAT='%U %S'; { time ${command} >/dev/null 2>&1; } 2>&1`;
  const [user, system] = execFileSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
    .trim()
    .split(' ');
  return (Number(user) + Number(system)) * 1000;
}
