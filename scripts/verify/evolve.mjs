import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commitAll } from '../git.mjs';
import { root } from '../setup.mjs';
import { fields } from './evolve/changes.mjs';
import { loadOn } from './evolve/load.mjs';
import { start } from './evolve/program.mjs';
import { stores } from './evolve/stores.mjs';
import { run } from './run.mjs';

const area = path.join(root, '.cache/evolve');
const directory = path.join(area, 'service');
const tool = path.join(root, 'bin/create-service.js');
const rows = 1000;

/**
 * Changes of a manifest while a database has rows and the program of before serves: the new one migrates and serves beside
 * it, both under load; then the old one ends. No request may fail, and every row must have what it had.
 */
export async function evolve(report) {
  for (const store of stores) {
    let server;
    const open = async () => {
      server = await store.open(path.join(root, '.cache/evolve-servers'));
      return '';
    };
    if (!(await report.check(`evolve: start a server for ${store.name}`, open))) continue;
    try {
      for (const [index, change] of store.changes.entries())
        await report.check(`evolve: ${store.name}, ${change.name}`, () =>
          tryOut(change, `evolve_${index}`, store, server),
        );
    } finally {
      await server.close();
    }
  }
}

async function tryOut(change, database, store, server) {
  const { after, expect, create = {}, renames = {}, gone = [], settled = false } = change;
  const place = server.environment(database);
  await server.empty(database);
  rmSync(area, { recursive: true, force: true });
  writeManifest(area, fields, store);
  const manifest = path.join(area, 'service.yaml');
  await run(process.execPath, [tool, 'new', directory, '--manifest', manifest, '--yes', '--no-git'], { cwd: root });
  commitAll(directory, 'As the tool wrote it');
  const old = await start('old', directory, place);
  const stop = [old.stop];
  try {
    const made = await inParallel(rows, (number) => old.post(body(number)));
    writeManifest(directory, after, store);
    const said = await run(process.execPath, [tool, 'update'], { cwd: directory });
    const load = [loadOn(old, made, (number) => body(number))];
    const fresh = await start('new', directory, place);
    stop.push(fresh.stop);
    const renamed = ([key, value]) => (gone.includes(key) ? [] : [[renames[key] ?? key, value]]);
    const newBody = (number) => ({ ...Object.fromEntries(Object.entries(body(number)).flatMap(renamed)), ...create });
    load.push(loadOn(fresh, made, newBody));
    await sleep(3000);
    const results = await Promise.all(load.map((each) => each.end()));
    await old.stop();
    await wantRows(fresh, made, expect);
    wantNone(results.flatMap((each) => each.failures));
    const rest = settled ? await settle({ place, store }, fresh, made, expect, newBody) : '';
    const [before, beside] = results.map(({ requests }) => requests);
    return `${stepsIn(said, store)} migrations, ${before} requests to the old and ${beside} to the new program, 0 failed, ${rows} rows right${rest}`;
  } finally {
    for (const each of stop) await each();
    await server.drop(database);
  }
}

/** The second update, once the old program is gone: its step runs while the new program serves, under load. */
async function settle({ place, store }, service, made, expect, bodyOf) {
  // What is committed counts as rolled out.
  commitAll(directory, 'The first update');
  const said = await run(process.execPath, [tool, 'update', '--settle', 'all'], { cwd: directory });
  const load = loadOn(service, made, bodyOf);
  const last = await start('last', directory, place);
  try {
    await sleep(1000);
    const { requests, failures } = await load.end();
    wantNone(failures);
    await wantRows(last, made, expect);
    return `; settled: ${stepsIn(said, store)} migrations, ${requests} requests, 0 failed, ${rows} rows right`;
  } finally {
    await last.stop();
  }
}

/** How many migrations an update says that it made. */
function stepsIn(said, { step }) {
  return said.split('\n').filter((line) => step.test(line)).length;
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

function writeManifest(folder, own, store) {
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
    store: ${store.name}
    fields:
${lines.join('')}`;
  mkdirSync(folder, { recursive: true });
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
