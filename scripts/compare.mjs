// Updates one and the same edited project with this tool, Copier and cruft, looks at what each left on disk, and measures
// their processor time: `npm run compare -- [--rounds N]`. Copier and cruft are installed from PyPI into .cache/compare.
//
// The template is 80 files of the orders example and two of its own, in two versions; the project is what the first one
// gives, with what a person did to it since: scripts/compare/versions.mjs. All three get the same texts, each in its own
// syntax, from this disk: no network is part of what is measured. Exits 1 when this tool is wrong somewhere, or misses a bar.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { engines, installPython } from './compare/engines.mjs';
import { rows } from './compare/rows.mjs';
import { atBeginning, atEnd, inMiddle, versions } from './compare/versions.mjs';
import { commitAll, git } from './git.mjs';
import { median } from './median.mjs';
import { memoryOrDisk } from './memory-or-disk.mjs';
import { installPackages, root } from './setup.mjs';

/** How many times more processor time than this tool the others must take at least. */
const bars = { Copier: 10, cruft: 4 };

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const area = path.join(root, '.cache/compare');
const scratch = mkdtempSync(path.join(memoryOrDisk(), 'create-service-compare-'));
const { v1, v2, cases } = versions();

installPackages();
mkdirSync(area, { recursive: true });
installPython(area);
try {
  const found = Object.fromEntries(Object.keys(engines).map((name) => [name, tryOut(name)]));
  const times = measure(Number(values.rounds));
  printTable(found, times);
  process.exitCode = isGood(found, times) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** Makes the project with an engine, works on it as a person does, updates it, and returns what is wrong, by row. */
function tryOut(name) {
  const engine = engines[name];
  const begun = at(name, 'begun/orders');
  for (const old of [at(name), templateOf(name)]) rmSync(old, { recursive: true, force: true });
  mkdirSync(path.dirname(begun), { recursive: true });
  engine.publish(templateOf(name), v1, v2);
  engine.create(templateOf(name), begun);
  commitAll(begun, 'As the template gives it');
  edit(begun);
  commitAll(begun, 'As a person has it');
  const project = fresh(name);
  const result = update(name, project);
  return { result, problems: rows.map(({ judge }) => judge(project, cases, result)) };
}

/** What a person did. */
function edit(project) {
  const change = (file, how) => {
    const place = path.join(project, file);
    writeFileSync(place, how(readFileSync(place, 'utf8'), 'a person'));
  };
  for (const file of cases.userOnly) change(file, atEnd);
  for (const file of [...cases.otherHunk, cases.renamedEdited.from, cases.deletedEdited, cases.ignored])
    change(file, atBeginning);
  for (const file of cases.conflict) change(file, inMiddle);
  for (const file of [cases.userDeleted, cases.userDeletedChanged]) rmSync(path.join(project, file));
  const moved = path.join(project, cases.userRenamed.to);
  mkdirSync(path.dirname(moved), { recursive: true });
  renameSync(path.join(project, cases.userRenamed.from), moved);
  mkdirSync(path.join(project, path.dirname(cases.collision)), { recursive: true });
  writeFileSync(path.join(project, cases.collision), 'added by a person\n');
}

/** Returns a copy of the edited project; what one round did is in no other. */
function fresh(name) {
  const project = path.join(scratch, name, 'orders');
  rmSync(path.dirname(project), { recursive: true, force: true });
  cpSync(at(name, 'begun/orders'), project, { recursive: true, preserveTimestamps: true });
  git(project, 'status', '--porcelain');
  return project;
}

/** Updates the project. Returns exit code, what was said, and the seconds of processor time of all processes. */
function update(name, project) {
  const words = engines[name].update(templateOf(name));
  const line = words.map((word) => `'${word}'`).join(' ');
  const measured = path.join(area, 'time');
  const script = `TIMEFORMAT='%U %S'; { time ${line} 2>&3; } 3>&2 2>'${measured}'`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: project, encoding: 'utf8' });
  const [user = 0, system = 0] = readFileSync(measured, 'utf8').trim().split(/\s+/).map(Number);
  return { code: status, words: stdout + stderr, seconds: user + system };
}

/** Returns the median seconds of each engine, of rounds in which all take turns, and those of `node -e 0`. */
function measure(rounds) {
  const samples = Object.fromEntries(Object.keys(engines).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const [name, own] of Object.entries(samples)) own.push(update(name, fresh(name)).seconds);
  return Object.fromEntries(Object.entries(samples).map(([name, own]) => [name, median(own)]));
}

function printTable(all, medians) {
  const names = Object.keys(engines);
  console.log(`| case | ${names.join(' | ')} |\n| --- |${' --- |'.repeat(names.length)}`);
  for (const [index, { name }] of rows.entries())
    console.log(`| ${name} | ${names.map((each) => verdict(all[each].problems[index])).join(' | ')} |`);
  console.log(`| exit code | ${names.map((each) => all[each].result.code).join(' | ')} |`);
  const own = medians['create-service'];
  const cpu = (name) =>
    `${Math.round(medians[name] * 1000)} ms${name in bars ? `, ${(medians[name] / own).toFixed(1)} ×` : ''}`;
  console.log(`| processor time, median of ${values.rounds} | ${names.map(cpu).join(' | ')} |`);
}

function verdict(problems) {
  return problems.length === 0 ? 'right' : `**wrong**: ${[...new Set(problems)].slice(0, 3).join(', ')}`;
}

function isGood(all, medians) {
  const own = medians['create-service'];
  const missed = Object.entries(bars).filter(([name, bar]) => medians[name] / own < bar);
  for (const [name, bar] of missed) console.log(`missed: ${name} takes less than ${bar} × of it`);
  return missed.length === 0 && all['create-service'].problems.every((problems) => problems.length === 0);
}

/** Next to the Python environment, where the engines look for it. */
function templateOf(name) {
  return at(`template-of-${name}`);
}

function at(...parts) {
  return path.join(area, ...parts);
}
