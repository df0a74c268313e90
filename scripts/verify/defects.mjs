import { readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { root } from '../setup.mjs';
import { coverage } from './defects/coverage.mjs';
import { readDefects, seed } from './defects/defect-list.mjs';
import { GoService } from './defects/go-service.mjs';
import { hunt } from './defects/hunt.mjs';

const cache = path.join(root, '.cache/defects');
const directory = path.join(cache, 'service');

/** The least share of statements that the generated tests run, in percent. */
const leastCoverage = 80;

/**
 * What the tests of a fresh service are worth: how much of its people's code they run, and that each of many defects,
 * seeded one by one into that code, makes one of them fail. The lists are in test/services/defects. Row locks are part
 * of it, so a real database is needed: a test that would skip for want of one fails.
 */
export async function defects(report) {
  rmSync(cache, { recursive: true, force: true });
  const manifest = path.join(root, 'test/services/defective-orders.yaml');
  const args = ['bin/create-service.js', 'new', directory, '--manifest', manifest, '--yes', '--no-git'];
  if (!(await report.step('defects: generate', process.execPath, args, { cwd: root }))) return;
  const service = new GoService(directory);
  const list = readDefects(path.join(root, 'test/services/defects'));
  const isReady = await report.check('defects: each can be seeded', async () => {
    await service.load();
    for (const defect of list) seed(defect, readFileSync(path.join(directory, defect.file), 'utf8'));
    return `${list.length}`;
  });
  if (!isReady || !(await report.check('defects: coverage', () => covered(service)))) return;
  await atOnce(availableParallelism(), list, (defect, number) =>
    report.check(`defects: ${defect.name}`, () => hunt(service, directory, path.join(cache, String(number)), defect)),
  );
}

async function covered(service) {
  const files = await coverage(service, directory, cache);
  const sum = (of) => [...files.values()].reduce((total, file) => total + file[of], 0);
  const percent = (100 * sum('covered')) / sum('statements');
  const figure = `${percent.toFixed(1)} % of ${sum('statements')} statements of ${files.size} files`;
  if (percent < leastCoverage) throw new Error(`${figure}, less than ${leastCoverage} %\n${listing(files)}`);
  return `${figure} (yours and cmd, without test helpers; unit, integration and the processes of e2e merged)`;
}

function listing(files) {
  return [...files].map(([file, { statements, covered }]) => `${file}: ${covered} of ${statements}`).join('\n');
}

/** Calls work for each item, so many at a time. */
async function atOnce(limit, items, work) {
  const rest = items.entries();
  const worker = async () => {
    for (const [number, item] of rest) await work(item, number);
  };
  await Promise.all(Array.from({ length: limit }, worker));
}
