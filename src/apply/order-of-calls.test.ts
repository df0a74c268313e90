import { describe, expect, it } from 'vitest';
import { faultyFiles } from '../../test/support/faulty-files.js';
import { aTree, lockFacts, planOf } from '../../test/support/plans.js';
import { memoryFiles } from '../system/memory-files.js';
import { type MemorySystem, memorySystem } from '../system/memory-system.js';
import { apply } from './apply.js';

const nothing = aTree({});
const first = aTree({ 'go.mod': 'module a\n', 'cmd/a/main.go': 'package main\n' });

function emptyDisk(): MemorySystem {
  return memorySystem({ files: memoryFiles({ '/srv/x': '' }) });
}

function withService(): MemorySystem {
  const system = emptyDisk();
  apply(planOf('orders', nothing, first, system), lockFacts, 'orders', system);
  return system;
}

/** Every call that writes, with paths relative to the service. */
function traced(system: MemorySystem, last: typeof first, next: typeof first): readonly string[] {
  const { files, calls } = faultyFiles(system.files, -1, { kind: 'refused', code: 'EIO' });
  const traced = { ...system, files: files as MemorySystem['files'] };
  apply(planOf('orders', last, next, traced), lockFacts, 'orders', traced);
  return calls.map((call) => call.replaceAll('/srv/orders/', ''));
}

it('apply owns its folder until nothing else is in it', () => {
  const system = withService();
  const folder = '.create-service-transaction';
  const calls = traced(system, first, aTree({}));
  expect(calls.slice(calls.indexOf(`remove ${folder}/claim`))).toEqual([
    `remove ${folder}/claim`,
    `removeDirectory ${folder}`,
  ]);
});

describe('apply waits for the disk', () => {
  it('before the journal counts, when it replaces something', () => {
    const system = withService();
    const calls = traced(system, first, aTree({ 'go.mod': 'module b\n', 'new/a.go': 'package a\n' }));
    const folder = '.create-service-transaction';
    const committed = calls.indexOf(`rename ${folder}/journal ${folder}/commit`);
    const made = calls.filter((call) => call.startsWith(`create ${folder}/`));
    expect(made.length).toBeGreaterThan(3);
    for (const call of [...made, `makeDirectory ${folder}/staged`]) {
      expect(calls.slice(calls.indexOf(call), committed)).toContain(call.replace(/^\w+/, 'sync'));
    }
    expect(calls[committed + 1]).toBe(`sync ${folder}`);
    // The new names, before the journal goes that would give them again.
    const gone = calls.indexOf(`remove ${folder}/commit`);
    expect(calls.slice(committed + 2, gone)).toEqual(expect.arrayContaining(['sync /srv/orders', 'sync new']));
  });

  it('not at all when it only makes a directory, which loses nothing', () => {
    expect(traced(emptyDisk(), nothing, first).filter((call) => call.startsWith('sync'))).toEqual([]);
  });
});
