import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';
import { editedOrders } from './alive/edited-orders.mjs';

const tool = path.join(root, 'bin/create-service.js');
const area = path.join(root, '.cache/kills');
const [begun, directory] = [path.join(area, 'begun'), path.join(area, 'service')];
const edit = ['add', 'resource', 'refund', 'amount:decimal(12,2)!', 'reason:text'];

/** With its name 200 updates are killed, and a few as part of everything. */
const counts = { named: 200, usual: 10 };

/**
 * Updates of a service that people have edited, each killed at a random moment: half anywhere in the process, half from
 * when it begins to write. The next command must leave the old tree or the new one, to the byte.
 */
export async function kills(report, { isNamed = false } = {}) {
  const count = isNamed ? counts.named : counts.usual;
  await report.check(`kills: an update that is killed ${count} times leaves the old tree or the new one`, async () => {
    const { before, after, duration, writing } = await undisturbed();
    const seen = { 'before it wrote': 0, 'while it wrote': 0, 'after it wrote': 0 };
    const left = { old: 0, new: 0 };
    for (let number = 0; number < count; number++) {
      restore();
      const isWhileWriting = number % 2 === 1;
      const phase = await killed(isWhileWriting, Math.random() * (isWhileWriting ? writing : duration) * 1.1);
      seen[phase]++;
      next();
      const tree = digest(directory);
      if (tree !== before && tree !== after) throw new Error(`kill ${number}, ${phase}: a third tree in ${directory}`);
      left[tree === before ? 'old' : 'new']++;
    }
    rmSync(area, { recursive: true, force: true });
    return [seen, left].flatMap((each) => Object.entries(each).map(([name, times]) => `${times} ${name}`)).join(', ');
  });
}

/** Makes the edited service, and measures one update of it, in milliseconds: of all, and from when it begins to write. */
async function undisturbed() {
  await editedOrders(begun);
  restore();
  const before = digest(directory);
  const began = performance.now();
  if (spawnSync(process.execPath, [tool, ...edit], { cwd: directory }).status !== 0)
    throw new Error('the update fails');
  const duration = performance.now() - began;
  return { before, after: digest(directory), duration, writing: duration / 5 };
}

function restore() {
  rmSync(directory, { recursive: true, force: true });
  cpSync(begun, directory, { recursive: true });
}

/** Starts the update, kills it some milliseconds later, and says where that hit it. */
async function killed(isWhileWriting, delay) {
  const child = spawn(process.execPath, [tool, ...edit], { cwd: directory, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let isOver = false;
  ended.then(() => {
    isOver = true;
  });
  if (isWhileWriting) while (!isOver && !isWriting()) await pause(0);
  await pause(delay);
  child.kill('SIGKILL');
  await ended;
  if (isWriting()) return 'while it wrote';
  return existsSync(path.join(directory, 'internal/refund')) ? 'after it wrote' : 'before it wrote';
}

function isWriting() {
  return existsSync(path.join(directory, '.create-service-transaction'));
}

function pause(milliseconds) {
  return new Promise((resolve) => {
    if (milliseconds < 1) setImmediate(resolve);
    else setTimeout(resolve, milliseconds);
  });
}

/** The command after a kill: it finishes or takes back what was begun, and finds tree and manifest in agreement. */
function next() {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, 'update', '--check'], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`update --check after a kill: exit code ${status}\n${stdout}${stderr}`);
}

/** One digest of every path, mode and content, but git's and the record of undo. */
function digest(folder) {
  const hash = createHash('sha256');
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (name.startsWith('.git/') || name === '.git' || name.startsWith('.create-service/undo')) continue;
    const status = lstatSync(path.join(folder, name));
    hash.update(`${name}\0${status.mode}\0`);
    if (status.isFile()) hash.update(readFileSync(path.join(folder, name)));
  }
  return hash.digest('hex');
}
