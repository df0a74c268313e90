import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/**
 * Runs every test of the service with coverage: unit and integration tests in their own processes, e2e tests as the
 * processes of the service that they start, whose binary is built with -cover. The statements of all of them are
 * merged. So this run also says that the tests pass when nothing is wrong.
 *
 * @param {import('./go-service.mjs').GoService} service
 * @param {string} directory the service's
 * @param {string} scratch where the data may be written
 * @returns {Promise<Map<string, {statements: number, covered: number}>>} by file, of those files that belong to the
 *   service's people (class yours), the command beside them, and neither tests nor what only tests use
 */
export async function coverage(service, directory, scratch) {
  const data = path.join(scratch, 'coverage');
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const files = countedFiles(directory);
  const packages = [...new Set(files.map((file) => `./${path.dirname(file)}`))];
  const flags = ['-cover', `-coverpkg=${packages.join(',')}`];
  const unit = [...packages, './test/integration'];
  await must(service.go(['test', ...flags, '-count=1', ...unit, '-args', `-test.gocoverdir=${data}`]));
  const GOFLAGS = [process.env.GOFLAGS, ...flags].join(' ').trim();
  await must(service.go(['test', '-count=1', './test/e2e'], { GOFLAGS, GOCOVERDIR: data }));
  const profile = path.join(scratch, 'coverage.txt');
  await must(service.go(['tool', 'covdata', 'textfmt', `-i=${data}`, `-o=${profile}`]));
  return count(readFileSync(profile, 'utf8'), files);
}

async function must(running) {
  const { code, output } = await running;
  if (code !== 0) throw new Error(output);
}

/** Returns the Go files whose statements count: the lock says whose a file is. */
function countedFiles(directory) {
  const { files } = parse(readFileSync(path.join(directory, '.create-service/lock.yaml'), 'utf8'));
  return Object.entries(files)
    .filter(([file, { class: ownership }]) => ownership === 'yours' || file.startsWith('cmd/'))
    .map(([file]) => file)
    .filter((file) => /^(cmd|internal)\/.*\.go$/.test(file) && !/_test\.go$|test\/[^/]*$/.test(file));
}

/** Adds up a profile: lines `<import path>/<file>:<place> <statements> <times>`, a place once for each run. */
function count(profile, files) {
  const places = new Map();
  for (const line of profile.split('\n').slice(1)) {
    const [, place, statements, times] = /^(.*) (\d+) (\d+)$/.exec(line) ?? [];
    if (place === undefined) continue;
    const covered = (places.get(place)?.covered ?? false) || times !== '0';
    places.set(place, { statements: Number(statements), covered });
  }
  const totals = new Map();
  for (const [place, { statements, covered }] of places) {
    const file = files.find((candidate) => place.includes(`/${candidate}:`));
    if (file === undefined) continue;
    const total = totals.get(file) ?? { statements: 0, covered: 0 };
    total.statements += statements;
    total.covered += covered ? statements : 0;
    totals.set(file, total);
  }
  return totals;
}
