import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { root } from '../setup.mjs';
import { checkService, checkWithServers } from './service.mjs';

const cache = path.join(root, '.cache/combinations');

/** One place, module and name for all of them, one after the other: so Go's build cache serves them all. */
const directory = path.join(cache, 'service');

/** What every combination has. */
const base = {
  apiVersion: 'create-service/v1',
  name: 'matrix',
  module: 'example.com/acme/matrix',
  owner: 'team-matrix',
  resources: {
    order: {
      store: 'mysql',
      fields: {
        customer_id: { type: 'uuid', required: true, immutable: true, index: true },
        email: { type: 'string', max: 254, pii: true },
        state: { type: 'enum', values: ['pending', 'paid', 'cancelled'], default: 'pending', output_only: true },
        total: { type: 'decimal', precision: 12, scale: 2, min: 0, required: true },
      },
      actions: {
        pay: { when: { state: ['pending'] }, set: { state: 'paid' } },
        cancel: { when: { state: ['pending', 'paid'] }, set: { state: 'cancelled' } },
      },
    },
  },
};

/** What can be added to it, each by itself. */
const additions = {
  rest: (manifest) => ({ ...manifest, api: [...(manifest.api ?? []), 'rest'] }),
  grpc: (manifest) => ({ ...manifest, api: [...(manifest.api ?? []), 'grpc'] }),
  events: (manifest) => ({ ...manifest, resources: { order: { ...manifest.resources.order, events: true } } }),
  consumes: (manifest) => ({
    ...manifest,
    consumes: { 'payment-captured': { topic: 'payments.payment.v1', service: 'payments', resource: 'order' } },
  }),
  tasks: (manifest) => ({
    ...manifest,
    tasks: {
      'send-receipt': { max_retry: 3, timeout: '30s', payload: { order_id: 'uuid' }, resource: 'order' },
      'nightly-report': { queue: 'low', cron: '0 3 * * *' },
    },
  }),
};

/** Those whose tests also run against servers: ways of sending and receiving alone. The examples have them together. */
const withServers = new Set(['events', 'consumes', 'tasks']);

/** Every set of additions: "none", "rest", …, "rest+grpc+events+consumes+tasks". */
function combinationsOf(names) {
  return Array.from({ length: 2 ** names.length }, (_, bits) => {
    const set = names.filter((_, at) => (bits >> at) % 2 === 1);
    return { name: set.join('+') || 'none', set };
  });
}

/**
 * A service for each combination of what a manifest can ask for, held to what every fresh service promises. Unless the
 * stage is run whole, the linter looks at those with at most one addition, and at those that lack at most one: what is
 * unused without another addition, or too much beside it, shows there.
 */
export async function combinations(report, { isWhole }) {
  const most = Object.keys(additions).length - 1;
  const began = performance.now();
  const seconds = [];
  for (const { name, set } of combinationsOf(Object.keys(additions))) {
    const start = performance.now();
    await combination(report, name, set, { isLinted: isWhole || set.length <= 1 || set.length >= most });
    seconds.push((performance.now() - start) / 1000);
  }
  const total = (performance.now() - began) / 60_000;
  const median = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)];
  report.note(
    `${seconds.length} combinations in ${total.toFixed(1)} min, half of them in ${median.toFixed(0)} s or less`,
  );
}

async function combination(report, name, set, options) {
  const manifest = path.join(cache, `${name}.yaml`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  writeFileSync(manifest, stringify(set.reduce((made, addition) => additions[addition](made), base)));
  const args = ['bin/create-service.js', 'new', directory, '--manifest', manifest, '--yes', '--no-git'];
  if (!(await report.step(`${name}: generate`, process.execPath, args, { cwd: root }))) return;
  await checkService(report, name, directory, options);
  if (withServers.has(name)) await checkWithServers(report, name, directory);
}
