// Measures the start of the tool, the generation of the orders example, with more and more of what it has, and updates,
// against `node -e 0` and `cp -r`.
//
//   npm run bench -- [--rounds N] [--node PATH]… [--all-nodes] [--dir DIR]
//
// Prints CPU (user + system of the process and its children) and wall time in milliseconds, median and least of N
// interleaved rounds, and exits 1 when a bar is missed. The bars are for Node 20: later versions start in half the time,
// so the same work is a larger multiple of it. bash's `time` does the measuring: Node cannot ask for what a
// child used, and bash is where this repository is built anyway.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { parse, stringify } from 'yaml';
import { installedNode } from './installed-node.mjs';
import { median } from './median.mjs';
import { memoryOrDisk } from './memory-or-disk.mjs';
import { installPackages, root } from './setup.mjs';

const example = parse(readFileSync(path.join(root, 'examples/orders/service.yaml'), 'utf8'));

/** Largest ratio of the median CPU to that of `node -e 0`, on Node 20. With gRPC, WebAssembly makes Go of .proto files. */
const bars = { help: 1.5, generate: 3.5, grpc: 12.5, whole: 14, update: 3.5 };

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '21' },
    node: { type: 'string', multiple: true, default: [] },
    'all-nodes': { type: 'boolean', default: false },
    dir: { type: 'string', default: memoryOrDisk() },
  },
});

const nodes = values.node.length > 0 ? values.node : [process.execPath];
if (values['all-nodes']) nodes.push(...['22', '24'].map(installedNode));
const scratch = mkdtempSync(path.join(values.dir, 'create-service-bench-'));
try {
  const tool = build();
  const results = nodes.map((node, index) => benchmark(node, tool, path.join(scratch, String(index))));
  process.exitCode = results.every(Boolean) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Builds the tool as it is now, apart from dist/, and returns the path of its command. */
function build() {
  installPackages();
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), path.join(scratch, 'dist')]);
  cpSync(path.join(root, 'bin'), path.join(scratch, 'bin'), { recursive: true });
  cpSync(path.join(root, 'package.json'), path.join(scratch, 'package.json'));
  return path.join(scratch, 'bin/create-service.js');
}

/** Measures with one Node, prints a table and returns whether every bar was kept. */
function benchmark(node, tool, directory) {
  mkdirSync(directory);
  const samples = measure(commandsFor(node, tool, directory), Number(values.rounds));
  return print(execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(), samples);
}

/** Bash lines; `$i` is the number of the round. */
function commandsFor(node, tool, directory) {
  const tree = path.join(directory, 'orders-$i');
  const generate = (to, written) => `${node} ${tool} new ${to} --manifest ${written} --no-git --yes`;
  const { consumes: _, tasks: __, ...calls } = example;
  const quiet = { order: { ...example.resources.order, events: false } };
  return {
    floor: `${node} -e 0`,
    help: `${node} ${tool} --help`,
    generate: generate(tree, manifest(directory, 'rest', { ...calls, api: ['rest'], resources: quiet })),
    grpc: generate(path.join(directory, 'grpc-$i'), manifest(directory, 'grpc', { ...calls, resources: quiet })),
    whole: generate(path.join(directory, 'whole-$i'), manifest(directory, 'whole', example)),
    update: `${node} ${tool} update --cwd ${tree}`,
    field: `${node} ${tool} add field order gift_note:text --cwd ${tree}`,
    copy: `cp -r ${tree} ${path.join(directory, 'copy-$i')}`,
  };
}

/** Writes a manifest and returns its path. */
function manifest(directory, name, written) {
  const file = path.join(directory, `${name}.yaml`);
  writeFileSync(file, stringify(written));
  return file;
}

/** Runs every command once a round, in turn. The first round only warms caches. Nothing is deleted before the end. */
function measure(commands, rounds) {
  const timed = ([name, command]) => `TIMEFORMAT='${name} %U %S %R'; time ${command} >/dev/null 2>&1 || exit 1`;
  const round = Object.entries(commands).map(timed).join('\n');
  const script = `set -u\nfor i in $(seq 0 ${rounds}); do\n${round}\ndone 2>&1`;
  const output = execFileSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  const samples = {};
  for (const line of output.trim().split('\n')) {
    const [name, user, system, wall] = line.split(' ');
    samples[name] ??= { cpu: [], wall: [] };
    samples[name].cpu.push((Number(user) + Number(system)) * 1000);
    samples[name].wall.push(Number(wall) * 1000);
  }
  for (const { cpu, wall } of Object.values(samples)) {
    cpu.shift();
    wall.shift();
  }
  return samples;
}

function print(version, samples) {
  const floor = median(samples.floor.cpu);
  console.log(`Node ${version}, ${values.rounds} rounds in ${values.dir}, milliseconds`);
  console.log('                         CPU median  least  × floor   wall median  least  × floor  × cp -r   bar');
  let kept = true;
  const titles = {
    floor: 'node -e 0',
    help: '--help',
    generate: 'new, REST and MySQL',
    grpc: 'the same with gRPC',
    whole: 'the whole of orders',
    update: 'update, nothing to do',
    field: 'add field',
    copy: 'cp -r of the tree',
  };
  for (const [name, { cpu, wall }] of Object.entries(samples)) {
    const ratio = median(cpu) / floor;
    const bar = version.startsWith('v20.') ? bars[name] : undefined;
    if (bar !== undefined && ratio > bar) kept = false;
    const cells = [
      titles[name].padEnd(24),
      median(cpu).toFixed(1).padStart(10),
      Math.min(...cpu)
        .toFixed(1)
        .padStart(6),
      ratio.toFixed(2).padStart(8),
      median(wall).toFixed(1).padStart(13),
      Math.min(...wall)
        .toFixed(1)
        .padStart(6),
      (median(wall) / median(samples.floor.wall)).toFixed(2).padStart(8),
      (median(cpu) / median(samples.copy.cpu)).toFixed(1).padStart(8),
      bar === undefined ? '' : `  CPU ≤ ${bar} × floor: ${ratio <= bar ? 'kept' : 'MISSED'}`,
    ];
    console.log(cells.join(' '));
  }
  console.log('');
  return kept;
}
