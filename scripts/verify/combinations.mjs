import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { root } from '../setup.mjs';
import { checkService, checkWithServers } from './service.mjs';

const cache = path.join(root, '.cache/combinations');

/** One place, module and name for all of them, one after the other: so Go's build cache serves them all. */
const directory = path.join(cache, 'service');

/** What a service can be made of. Each brings what it cannot be without: a cache a store, mutual TLS an API. */
const parts = {
  rest: [],
  grpc: [],
  mysql: [],
  mongodb: [],
  cache: ['store'],
  events: ['store'],
  consumes: ['store'],
  tasks: [],
  'client-grpc': [],
  'client-rest': [],
  auth: ['api'],
  tls: ['api'],
};

/** What stands for a need that no part of the set meets. */
const needs = {
  store: { metBy: ['mysql', 'mongodb'], otherwise: 'mysql' },
  api: { metBy: ['rest', 'grpc'], otherwise: 'rest' },
};

const resource = (store, has) => ({
  store,
  ...(has('cache') ? { cache: { ttl: '5m' } } : {}),
  ...(has('events') ? { events: true } : {}),
  fields: {
    customer_id: { type: 'uuid', required: true, immutable: true, index: true },
    email: { type: 'string', max: 254, pii: true },
    code: { type: 'string', max: 40, unique: true },
    state: { type: 'enum', values: ['pending', 'paid', 'cancelled'], default: 'pending', output_only: true },
    total: { type: 'decimal', precision: 12, scale: 2, min: 0, required: true, index: true },
  },
  actions: {
    pay: { when: { state: ['pending'] }, set: { state: 'paid' } },
    cancel: { when: { state: ['pending', 'paid'] }, set: { state: 'cancelled' } },
  },
});

/** The manifest of a set of parts. */
function manifestOf(set) {
  const has = (part) => set.includes(part);
  const off = () => ({ mode: 'none', reason: 'the combination without it' });
  const resources = {
    ...(has('mysql') ? { order: resource('mysql', has) } : {}),
    ...(has('mongodb') ? { product: resource('mongodb', has) } : {}),
  };
  const [first] = Object.keys(resources);
  const contract = (file) => path.relative(cache, path.join(root, 'test/services/contracts', file));
  const clients = {
    ...(has('client-grpc') ? { orders: { protocol: 'grpc', contract: contract('orders/proto') } } : {}),
    ...(has('client-rest') ? { 'order-desk': { protocol: 'rest', contract: contract('orders/openapi.yaml') } } : {}),
  };
  return {
    apiVersion: 'create-service/v1',
    name: 'matrix',
    module: 'example.com/acme/matrix',
    owner: 'team-matrix',
    api: ['rest', 'grpc'].filter(has),
    ...(first ? { resources } : {}),
    ...(has('consumes')
      ? { consumes: { 'payment-captured': { topic: 'payments.payment.v1', service: 'payments', resource: first } } }
      : {}),
    ...(has('tasks') ? { tasks: tasksOf(first) } : {}),
    ...(Object.keys(clients).length > 0 ? { clients } : {}),
    ...(has('rest') || has('grpc') ? { auth: has('auth') ? {} : off(), tls: has('tls') ? {} : off() } : {}),
  };
}

function tasksOf(first) {
  const receipt = first ? { payload: { [`${first}_id`]: 'uuid' }, resource: first } : { payload: { to: 'uuid' } };
  return {
    'send-receipt': { max_retry: 3, timeout: '30s', ...receipt },
    'nightly-report': { queue: 'low', cron: '0 3 * * *', ...(first ? { resource: first } : {}) },
  };
}

/** A set with what its parts need, in the order of {@link parts}. */
function complete(set) {
  const met = new Set(set);
  for (const need of set.flatMap((part) => parts[part])) {
    const { metBy, otherwise } = needs[need];
    if (!metBy.some((part) => met.has(part))) met.add(otherwise);
  }
  return Object.keys(parts).filter((part) => met.has(part));
}

/** Nothing, every part, every pair of parts, and all of them; each set once. */
function combinationsOf(names) {
  const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other) => [one, other]));
  const sets = [[], ...names.map((name) => [name]), ...pairs, names].map(complete);
  return [...new Map(sets.map((set) => [set.join('+') || 'none', set]))].map(([name, set]) => ({ name, set }));
}

/** How many of them also run their tests against servers, each time others. */
const sampled = 4;

/** The number of commits turns the sample: after enough of them every combination had its turn. */
function sampleOf(combinations, size) {
  const commits = Number(execFileSync('git', ['rev-list', '--count', 'HEAD'], { cwd: root, encoding: 'utf8' }));
  const step = Math.ceil(combinations.length / size);
  return combinations.filter((_, at) => at % step === commits % step);
}

/**
 * A service for each combination of what a manifest can ask for, held to what every fresh service promises. Unless the
 * stage is asked for by name, the linter, which takes most of the time, looks at the single parts, at all of them together
 * and at every fifth pair, each time others.
 */
export async function combinations(report, { isNamed }) {
  const all = combinationsOf(Object.keys(parts));
  const sample = sampleOf(all, sampled);
  const singles = Object.keys(parts).map((part) => complete([part]).join('+'));
  const linted = isNamed ? all : [...sampleOf(all, Math.ceil(all.length / 5)), all[0], all.at(-1)];
  const isLinted = (name) => linted.some((each) => each.name === name) || singles.includes(name);
  const began = performance.now();
  const seconds = [];
  for (const { name, set } of all) {
    const start = performance.now();
    await combination(report, name, set, { isLinted: isLinted(name) });
    seconds.push((performance.now() - start) / 1000);
    if (sample.some((each) => each.name === name)) await checkWithServers(report, name, directory);
  }
  const total = (performance.now() - began) / 60_000;
  const median = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)];
  report.note(
    `${all.length} combinations in ${total.toFixed(1)} min, half of them in ${median.toFixed(0)} s or less; ` +
      `with servers: ${sample.map(({ name }) => name).join(', ')}`,
  );
}

async function combination(report, name, set, options) {
  const manifest = path.join(cache, `${name}.yaml`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  writeFileSync(manifest, stringify(manifestOf(set)));
  const args = ['bin/create-service.js', 'new', directory, '--manifest', manifest, '--yes', '--no-git'];
  if (await report.step(`${name}: generate`, process.execPath, args, { cwd: root })) {
    await checkService(report, name, directory, options);
  }
}
