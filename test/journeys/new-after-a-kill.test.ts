import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/main.js';
import { type MemoryFiles, memoryFiles } from '../../src/system/memory-files.js';
import { memorySystem } from '../../src/system/memory-system.js';
import type { Processes } from '../../src/system/processes.js';
import { fakeTerminal } from '../support/fake-terminal.js';
import { faultyFiles } from '../support/faulty-files.js';

/** Without gRPC: what is made of .proto files is not what is killed here. */
const manifest = readFileSync(new URL('../../examples/orders/service.yaml', import.meta.url), 'utf8').replace(
  'api: [rest, grpc]',
  'api: [rest]',
);
const argv = ['new', 'orders', '--manifest', 'service.yaml', '--yes', '--no-git'];

/** A directory that does not exist; one that is there and counts as empty. The two are written in different ways. */
const beginnings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a new directory': { '/srv/service.yaml': manifest },
  'an empty directory': { '/srv/service.yaml': manifest, '/srv/orders/.git/HEAD': 'ref: refs/heads/main\n' },
};

/** Runs the command as a process of its own: the ones before it are dead. */
async function run(files: MemoryFiles, pid: number): Promise<{ readonly code: number; readonly said: string }> {
  const self = { host: 'here', pid, start: `s${pid}` };
  const processes: Processes = { self: () => self, isAlive: (other) => other.pid === pid };
  const terminal = fakeTerminal();
  const code = await main(argv, memorySystem({ files, processes, terminal }));
  return { code, said: terminal.said() };
}

describe.each(Object.entries(beginnings))('new in %s', (_, initial) => {
  test('that was killed at any moment is complete after the same command', { timeout: 120_000 }, async () => {
    const undisturbed = memoryFiles(initial);
    const counted = faultyFiles(undisturbed, Number.POSITIVE_INFINITY, { kind: 'killed', when: 'before' });
    expect((await run(counted.files as MemoryFiles, 100)).code).toBe(0);
    const complete = undisturbed.snapshot('/srv');

    const all = counted.calls.length;
    // The first and last twelve calls, where the state changes, and some between.
    const moments = [...Array(all).keys()].filter((call) => call < 12 || call >= all - 12 || call % 40 === 0);
    const codes = new Set<number>();
    for (const call of moments) {
      const disk = memoryFiles(initial);
      await run(faultyFiles(disk, call, { kind: 'killed', when: 'within' }).files as MemoryFiles, 100);
      const { code, said } = await run(disk, 101);
      // A run that was killed while it cleared up had written everything: then the directory is one that is not empty.
      const expected = code === 3 ? /orders is not empty/ : /Wrote orders: \d+ files in orders\n/;
      expect({ call, said }).toEqual({ call, said: expect.stringMatching(expected) });
      expect(disk.snapshot('/srv')).toEqual(complete);
      codes.add(code);
    }
    expect([...codes].sort()).toEqual([0, 3]);
  });
});
