import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.js';
import { recover } from '../../src/apply/recover.js';
import { diskSystem } from '../support/disk-system.js';
import { diskTree } from '../support/disk-tree.js';
import { firstTree } from '../support/large-trees.js';
import { aTree, lockFacts, planOf } from '../support/plans.js';

// Times three beginnings: 51.
const kills = 17;
const system = diskSystem();
const root = mkdtempSync(path.join(tmpdir(), 'apply-kills-'));
const program = path.join(root, 'apply-process.mjs');

/** Where a run begins: the directory does not exist, or is empty, or holds the first tree. */
const beginnings = {
  'a new directory': { kind: 'new', prepare: () => {} },
  'an empty directory': { kind: 'new', prepare: (directory: string) => mkdirSync(directory, { recursive: true }) },
  'an update': {
    kind: 'update',
    prepare: (directory: string) =>
      apply(planOf(directory, aTree({}), firstTree, system), lockFacts, directory, system),
  },
} as const;

beforeAll(async () => {
  await build({
    entryPoints: [fileURLToPath(new URL('../support/apply-process.ts', import.meta.url))],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(Object.entries(beginnings))('a process that applies to %s', (name, { kind, prepare }) => {
  it(`and is killed at any of ${kills} moments leaves the old tree or the new one after the next command`, async () => {
    const area = path.join(root, name.replaceAll(' ', '-'));
    const { old, complete, duration } = await undisturbed(area, kind, prepare);
    const seen = { old: 0, complete: 0, midway: 0 };
    for (let number = 0; number < kills; number++) {
      const directory = path.join(area, `kill-${number}`, 'orders');
      begin(directory, prepare);
      // Spread over the whole apply and a little beyond, at random within each share.
      await killAfter(((number + Math.random()) / kills) * duration * 1.2, directory, kind);
      if (recover(directory, system).outcome !== 'none') seen.midway++;
      seen[nameOf(diskTree(path.dirname(directory)), old, complete)]++;
      rmSync(path.dirname(directory), { recursive: true });
    }
    expect(seen.old + seen.complete).toBe(kills);
    expect(seen.midway).toBeGreaterThan(0);
  }, 120_000);
});

it('keeps a second process out, or lets it find the work done', async () => {
  for (let round = 0; round < 5; round++) {
    const directory = path.join(root, `two-${round}`, 'orders');
    begin(directory, beginnings['an empty directory'].prepare);
    const both = [start(directory, 'new'), start(directory, 'new')];
    const codes = await Promise.all(both.map(async (child) => (await once(child, 'close'))[0]));
    expect([
      [0, 0],
      [0, 3],
    ]).toContainEqual([...codes].sort());
    recover(directory, system);
    expect(diskTree(directory).filter((line) => line.includes('transaction'))).toEqual([]);
    expect(
      planOf(directory, firstTree, firstTree, system).operations.every(({ verdict }) => verdict === 'unchanged'),
    ).toBe(true);
  }
}, 60_000);

function begin(directory: string, prepare: (directory: string) => unknown): void {
  mkdirSync(path.dirname(directory), { recursive: true });
  prepare(directory);
}

async function undisturbed(area: string, kind: string, prepare: (directory: string) => unknown) {
  const directory = path.join(area, 'undisturbed', 'orders');
  begin(directory, prepare);
  const old = diskTree(path.dirname(directory));
  const child = start(directory, kind);
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  await once(child, 'close');
  return { old, complete: diskTree(path.dirname(directory)), duration: Number(said.split('\n')[1]) };
}

async function killAfter(milliseconds: number, directory: string, kind: string): Promise<void> {
  const child = start(directory, kind);
  const closed = once(child, 'close');
  await Promise.race([once(child.stdout ?? child, 'data'), closed]);
  await setTimeout(milliseconds);
  child.kill('SIGKILL');
  await closed;
}

function start(directory: string, kind: string): ChildProcess {
  return spawn(process.execPath, [program, directory, kind], { stdio: ['ignore', 'pipe', 'ignore'] });
}

function nameOf(found: readonly string[], old: readonly string[], complete: readonly string[]): 'old' | 'complete' {
  if (found.join('\n') === old.join('\n')) return 'old';
  expect(found).toEqual(complete);
  return 'complete';
}
