import { describe, expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.js';
import { recover } from '../../src/apply/recover.js';
import { UserError } from '../../src/errors.js';
import type { FileTree } from '../../src/render/file-tree.js';
import { type MemoryFiles, memoryFiles } from '../../src/system/memory-files.js';
import { type MemorySystem, memorySystem } from '../../src/system/memory-system.js';
import type { Processes } from '../../src/system/processes.js';
import { type Fault, faultyFiles, Killed } from '../support/faulty-files.js';
import { aTree, lockFacts, planOf } from '../support/plans.js';

const nothing = aTree({});
const first = aTree({
  Makefile: 'all:\n',
  'cmd/a/main.go': 'package main\n',
  'docs/a.md': '# A\n',
  'run!': '#!/bin/sh\n',
});
const second = aTree({
  Makefile: 'all: build\n',
  'cmd/b/main.go': 'package b\n',
  'docs/a.md': '# A\n',
  run: '#!/bin/sh\n',
});

/** One apply to try: how the disk begins, and what is written. */
interface Scenario {
  readonly begin: (system: MemorySystem) => void;
  readonly directory: string;
  readonly last: FileTree;
  readonly next: FileTree;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'a new directory': { begin: () => {}, directory: 'orders', last: nothing, next: first },
  'a new directory in new directories': { begin: () => {}, directory: 'a/b/orders', last: nothing, next: first },
  'an empty directory': {
    begin: ({ files }) => files.makeDirectory('/srv/orders'),
    directory: 'orders',
    last: nothing,
    next: first,
  },
  'a directory with other files': {
    begin: ({ files }) => {
      files.makeDirectory('/srv/orders');
      files.makeDirectory('/srv/orders/docs');
      files.create('/srv/orders/docs/mine.md', 'mine', 0o600);
    },
    directory: 'orders',
    last: nothing,
    next: first,
  },
  'an update': {
    begin: (system) => {
      apply(planOf('orders', nothing, first, system), lockFacts, 'orders', system);
      system.files.create('/srv/orders/docs/mine.md', 'mine', 0o600);
      system.files.changeMode('/srv/orders/cmd/a', 0o700);
    },
    directory: 'orders',
    last: first,
    next: second,
  },
};

const kills: readonly Fault[] = (['before', 'within', 'after'] as const).map((when) => ({ kind: 'killed', when }));

function begun({ begin }: Scenario): MemorySystem {
  const system = memorySystem({ files: memoryFiles({ '/srv/neighbour/x': 'x' }) });
  begin(system);
  return system;
}

/** The same disk for the next process: the one before is dead. */
function nextProcess(files: MemoryFiles, number: number): MemorySystem {
  const self = { host: 'here', pid: 100 + number, start: `s${number}` };
  const processes: Processes = { self: () => self, isAlive: ({ pid }) => pid === self.pid };
  return memorySystem({ files, processes });
}

function run({ directory, last, next }: Scenario, system: MemorySystem): void {
  apply(planOf(directory, last, next, system), lockFacts, directory, system);
}

/** Runs with a fault at one call. Returns what the disk holds then, or undefined when there are not that many calls. */
function runWithFault(
  scenario: Scenario,
  number: number,
  fault: Fault,
): { files: MemoryFiles; thrown: unknown } | undefined {
  const system = begun(scenario);
  const { files, calls } = faultyFiles(system.files, number, fault);
  let thrown: unknown;
  try {
    run(scenario, { ...system, files: files as MemoryFiles });
  } catch (error) {
    thrown = error;
  }
  return calls.length > number ? { files: system.files, thrown } : undefined;
}

/** Returns the disk after a kill at each call. */
function killedAnywhere(scenario: Scenario, fault: Fault): readonly MemoryFiles[] {
  const disks: MemoryFiles[] = [];
  for (let number = 0; ; number++) {
    const tried = runWithFault(scenario, number, fault);
    if (!tried) return disks;
    disks.push(tried.files);
  }
}

describe.each(Object.entries(scenarios))('an apply to %s', (_, scenario) => {
  const old = begun(scenario).files.snapshot('/');
  const done = begun(scenario);
  run(scenario, done);
  const complete = done.files.snapshot('/');

  it.each(['ENOSPC', 'EACCES', 'EROFS', 'EXDEV', 'EIO'])(
    'that is refused anywhere with %s leaves what was there',
    (code) => {
      let refusals = 0;
      for (let number = 0; ; number++) {
        const tried = runWithFault(scenario, number, { kind: 'refused', code });
        if (!tried) break;
        // Once the new tree is complete, only clearing up can fail: that is no failure, and the next command does it.
        if (tried.thrown === undefined) {
          recover(scenario.directory, nextProcess(tried.files, 1));
          expect(tried.files.snapshot('/')).toEqual(complete);
          continue;
        }
        refusals++;
        expect(tried.thrown).toBeInstanceOf(UserError);
        expect(tried.thrown).toMatchObject({
          exitCode: 3,
          message: expect.stringMatching(/^cannot write \/srv\S*: [a-z]/),
        });
        expect(tried.files.snapshot('/')).toEqual(old);
      }
      expect(refusals).toBeGreaterThan(10);
    },
  );

  it.each(kills)('that is killed $when any call leaves the old tree or the new one after the next command', (fault) => {
    const outcomes = new Set<string>();
    for (let number = 0; ; number++) {
      const tried = runWithFault(scenario, number, fault);
      if (!tried) break;
      expect(tried.thrown).toBeInstanceOf(Killed);
      recover(scenario.directory, nextProcess(tried.files, 1));
      outcomes.add(treeName(tried.files));
    }
    expect([...outcomes].sort()).toEqual(['complete', 'old']);
  });

  it('differs from what was there', () => {
    expect(old).toContain('0644 srv/neighbour/x x');
    expect(complete).not.toEqual(old);
  });

  it('that is killed, whose recovery is killed, is recovered by the command after that', () => {
    let recoveries = 0;
    const fault: Fault = { kind: 'killed', when: 'within' };
    for (const killed of killedAnywhere(scenario, fault)) {
      for (let step = 0; recoverWithFault(scenario, killed, step, fault); step++) recoveries++;
    }
    expect(recoveries).toBeGreaterThan(100);
  });

  it('that is killed, whose recovery is refused something, is recovered by the command after that', () => {
    let recoveries = 0;
    for (const killed of killedAnywhere(scenario, { kind: 'killed', when: 'after' })) {
      for (let step = 0; recoverWithFault(scenario, killed, step, { kind: 'refused', code: 'EIO' }); step++)
        recoveries++;
    }
    expect(recoveries).toBeGreaterThan(100);
  });

  /** Recovers with a fault at one call, then without. Returns false when there are not that many calls. */
  function recoverWithFault({ directory }: Scenario, killed: MemoryFiles, step: number, fault: Fault): boolean {
    const disk = killed.copy();
    const { files, calls } = faultyFiles(disk, step, fault);
    try {
      recover(directory, { ...nextProcess(disk, 1), files: files as MemoryFiles });
    } catch (error) {
      if (!(error instanceof Killed)) expect(error).toMatchObject({ name: 'UserError', exitCode: 3 });
    }
    recover(directory, nextProcess(disk, 2));
    expect(treeName(disk)).toMatch(/^(old|complete)$/);
    return calls.length > step;
  }

  function treeName(files: MemoryFiles): string {
    const found = files.snapshot('/');
    if (found.join('\n') === old.join('\n')) return 'old';
    return found.join('\n') === complete.join('\n') ? 'complete' : found.join('\n');
  }
});
