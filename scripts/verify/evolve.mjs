import { execFileSync, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../setup.mjs';

const area = path.join(root, '.cache/evolve');
const directory = path.join(area, 'service');
const tool = path.join(root, 'bin/create-service.js');
const rows = 1000;

/** The fields of the service before each change. */
const fields = {
  label: '{ type: string, max: 40, required: true, index: true }',
  amount: '{ type: decimal, precision: 12, scale: 2, required: true }',
  state: '{ type: enum, values: [open, closed, lost], default: open }',
  note: '{ type: text }',
};

/** The changes: the fields afterwards, what a row of before then looks like, and what clients send from then on. */
const changes = [
  {
    name: 'a required field with backfill',
    after: { ...fields, channel: '{ type: string, max: 20, required: true, backfill: web }' },
    expect: (row) => ({ ...row, channel: 'web' }),
    create: { channel: 'shop' },
  },
  {
    name: 'a required field with a default',
    after: { ...fields, rank: '{ type: int32, required: true, default: 7 }' },
    expect: (row) => ({ ...row, rank: 7 }),
  },
  {
    name: 'two fields that are renamed',
    after: {
      title: '{ type: string, max: 40, required: true, index: true, was: label }',
      amount: fields.amount,
      phase: '{ type: enum, values: [open, closed, lost], default: open, was: state }',
      note: fields.note,
    },
    expect: ({ label: title, state: phase, ...row }) => ({ ...row, title, phase }),
    renames: { label: 'title', state: 'phase' },
  },
  {
    name: 'a wider string, another value, more digits',
    after: {
      ...fields,
      label: '{ type: string, max: 80, required: true, index: true }',
      amount: '{ type: decimal, precision: 14, scale: 3, required: true }',
      state: '{ type: enum, values: [open, closed, lost, found], default: open }',
    },
    expect: (row) => ({ ...row, amount: `${row.amount}0` }),
  },
  {
    name: 'a field that goes',
    after: { label: fields.label, amount: fields.amount, state: fields.state },
    expect: ({ note: _, ...row }) => row,
    gone: ['note'],
    settled: true,
  },
  {
    name: 'a narrower string, fewer digits, a value less',
    after: {
      ...fields,
      label: '{ type: string, max: 12, required: true, index: true }',
      amount: '{ type: decimal, precision: 8, scale: 2, required: true }',
      state: '{ type: enum, values: [open, closed], default: open }',
    },
    expect: (row) => row,
    settled: true,
  },
];

/**
 * Changes of a manifest while a database has rows and the program of before serves: the new one migrates and serves beside
 * it, both under load; then the old one ends. No request may fail, and every row must have what it had.
 */
export async function evolve(report) {
  const server = await database(report);
  if (!server) return;
  for (const change of changes) await report.check(`evolve: ${change.name}`, () => tryOut(change, server));
}

/** The server of TEST_MYSQL_DSN, else one that is started here. */
async function database(report) {
  const script = path.join(root, 'test/servers/mariadb.sh');
  if (
    !process.env.TEST_MYSQL_DSN &&
    !(await report.step('evolve: install mariadb', script, ['install'], { cwd: root }))
  )
    return;
  if (!process.env.TEST_MYSQL_DSN && !(await report.step('evolve: start mariadb', script, ['start'], { cwd: root })))
    return;
  const dsn = process.env.TEST_MYSQL_DSN ?? execFileSync(script, ['dsn'], { encoding: 'utf8' }).trim();
  const [, user, password, host, port] = /^([^:]*):(.*)@tcp\((.*):(\d+)\)/.exec(dsn) ?? [];
  return { user, password, host, port };
}

async function tryOut({ name, after, expect, create = {}, renames = {}, gone = [], settled = false }, server) {
  const schema = `evolve_${changes.findIndex((each) => each.name === name)}`;
  sql(server, `DROP DATABASE IF EXISTS ${schema}; CREATE DATABASE ${schema}`);
  rmSync(area, { recursive: true, force: true });
  writeManifest(area, fields);
  run(
    process.execPath,
    [tool, 'new', directory, '--manifest', path.join(area, 'service.yaml'), '--yes', '--no-git'],
    root,
  );
  commit('As the tool wrote it');
  const old = await start('old', server, schema);
  const stop = [old.stop];
  try {
    const made = await inParallel(rows, (number) => old.post(body(number)));
    writeManifest(directory, after);
    const said = run(process.execPath, [tool, 'update'], directory);
    const load = [loadOn(old, made, (number) => body(number))];
    const fresh = await start('new', server, schema);
    stop.push(fresh.stop);
    const renamed = ([key, value]) => (gone.includes(key) ? [] : [[renames[key] ?? key, value]]);
    const newBody = (number) => ({ ...Object.fromEntries(Object.entries(body(number)).flatMap(renamed)), ...create });
    load.push(loadOn(fresh, made, newBody));
    await sleep(3000);
    const results = await Promise.all(load.map((each) => each.end()));
    await old.stop();
    await wantRows(fresh, made, expect);
    wantNone(results.flatMap((each) => each.failures));
    const rest = settled ? await settle(server, schema, fresh, made, expect, newBody) : '';
    const steps = said.split('\n').filter((line) => /\.sql\s+create/.test(line)).length;
    const [before, beside] = results.map(({ requests }) => requests);
    return `${steps} migrations, ${before} requests to the old and ${beside} to the new program, 0 failed, ${rows} rows right${rest}`;
  } finally {
    for (const each of stop) await each();
    sql(server, `DROP DATABASE IF EXISTS ${schema}`);
  }
}

/** The second update, once the old program is gone: its step runs while the new program serves, under load. */
async function settle(server, schema, service, made, expect, bodyOf) {
  commit('The first update');
  const said = run(process.execPath, [tool, 'update', '--settle', 'all'], directory);
  const load = loadOn(service, made, bodyOf);
  const last = await start('last', server, schema);
  try {
    await sleep(1000);
    const { requests, failures } = await load.end();
    wantNone(failures);
    await wantRows(last, made, expect);
    const steps = said.split('\n').filter((line) => /\.sql\s+create/.test(line)).length;
    return `; settled: ${steps} migrations, ${requests} requests, 0 failed, ${rows} rows right`;
  } finally {
    await last.stop();
  }
}

/** What is committed counts as rolled out. */
function commit(message) {
  run('git', ['init', '-q'], directory);
  run('git', ['add', '-A'], directory);
  run('git', ['-c', 'user.name=A Team', '-c', 'user.email=team@acme.example', 'commit', '-qm', message], directory);
}

async function wantRows(service, made, expect) {
  const wrong = await inParallel(rows, async (number) => {
    const [found, wanted] = [await service.get(made[number].id), expect(made[number])];
    return same(found, wanted) ? [] : [`${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`];
  });
  const bad = wrong.flat();
  if (bad.length > 0) throw new Error(`${bad.length} rows are wrong, such as ${bad[0]}`);
}

function wantNone(failures) {
  if (failures.length > 0) throw new Error(`${failures.length} requests failed, such as ${failures[0]}`);
}

function writeManifest(folder, own) {
  const lines = Object.entries(own).map(([name, text]) => `      ${name}: ${text}\n`);
  const text = `apiVersion: create-service/v1
name: parcels
module: example.com/parcels
owner: team
api: [rest]
auth: { mode: none, reason: the load needs no tokens }
tls: { mode: none, reason: the load needs no certificates }
resources:
  parcel:
    store: mysql
    fields:
${lines.join('')}`;
  run('mkdir', ['-p', folder], root);
  writeFileSync(path.join(folder, 'service.yaml'), text);
}

function body(number) {
  return {
    label: `label ${number}`,
    amount: `${number}.25`,
    state: number % 2 === 0 ? 'open' : 'closed',
    note: `note ${number}`,
  };
}

/** Builds the service as it is now, migrates with it, and starts it. */
async function start(name, { user, password, host, port }, schema) {
  const program = path.join(area, name);
  run('go', ['build', '-o', program, './cmd/parcels'], directory);
  const [api, admin] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env.PATH,
    ENVIRONMENT: 'test',
    HTTP_ADDR: `127.0.0.1:${api}`,
    ADMIN_ADDR: `127.0.0.1:${admin}`,
    MYSQL_ADDR: `${host}:${port}`,
    MYSQL_DATABASE: schema,
    MYSQL_USER: user,
    MYSQL_PASSWORD: password,
    SHUTDOWN_DELAY: '0s',
    LOG_LEVEL: 'error',
  };
  run(program, ['migrate'], area, env);
  const child = spawn(program, ['serve'], { env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  for (let tries = 0; !(await isReady(admin)); tries++) {
    if (tries > 300 || child.exitCode !== null) throw new Error(`the ${name} program does not get ready`);
    await sleep(50);
  }
  const call = async (method, where, sent, headers = {}) => {
    const response = await fetch(`http://127.0.0.1:${api}/v1/parcels${where}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(sent && { body: JSON.stringify(sent) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${name}: ${method} ${where}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    post: (sent) => call('POST', '', sent),
    get: (id) => call('GET', `/${id}`),
    list: () => call('GET', '?page_size=50'),
    remove: (id, version) => call('DELETE', `/${id}`, undefined, { 'if-match': `"${version}"` }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Reads rows, lists, and adds and deletes its own, one request after another, in four strands, until it is ended. */
function loadOn(service, made, bodyOf) {
  const failures = [];
  let requests = 0;
  let isOver = false;
  const attempt = async (call) => {
    requests++;
    try {
      return await call();
    } catch (error) {
      failures.push(error.message);
    }
  };
  const strand = async (number) => {
    for (let turn = number; !isOver; turn += 4) {
      await attempt(() => service.get(made[turn % rows].id));
      const own = await attempt(() => service.post(bodyOf(turn)));
      if (own) await attempt(() => service.remove(own.id, own.version));
      if (turn % 20 === 0) await attempt(() => service.list());
    }
  };
  const strands = [0, 1, 2, 3].map(strand);
  return {
    end: async () => {
      isOver = true;
      await Promise.all(strands);
      return { requests, failures };
    },
  };
}

async function inParallel(count, each) {
  const results = [];
  const workers = Array.from({ length: 8 }, async (_, first) => {
    for (let number = first; number < count; number += 8) results[number] = await each(number);
  });
  await Promise.all(workers);
  return results;
}

function same(one, other) {
  const text = (row) => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}

async function isReady(port) {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function sql({ user, password, host, port }, statement) {
  run('mariadb', ['-h', host, '-P', port, '-u', user, `-p${password}`, '-e', statement], root);
}

function run(command, args, cwd, env = process.env) {
  try {
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}${error.stderr}`);
  }
}
