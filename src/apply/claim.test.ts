import { describe, expect, it } from 'vitest';
import { type MemoryFiles, memoryFiles } from '../system/memory-files.js';
import { memorySystem } from '../system/memory-system.js';
import type { System } from '../system/system.js';
import { claim, release, sweep, takeOver } from './claim.js';

const folder = '/srv/.create-service-transaction';
const minute = 60_000;

/** A process of a machine on which exactly the listed ones live. */
function processOf(files: MemoryFiles, pid: number, living: readonly number[], more: Partial<System> = {}): System {
  const self = { host: 'here', pid, start: `s${pid}` };
  const isAlive = (one: { pid: number; start: string }) => living.includes(one.pid) && one.start === `s${one.pid}`;
  return memorySystem({ files, processes: { self: () => self, isAlive }, ...(more as object) });
}

function disk(): MemoryFiles {
  return memoryFiles({ '/srv/x': 'x' });
}

describe('a claim', () => {
  it('keeps every other run out until it is released', () => {
    const files = disk();
    const [one, two] = [processOf(files, 1, [1, 2]), processOf(files, 2, [1, 2])];
    const before = files.snapshot('/');
    claim(folder, one);
    const claimed = files.snapshot('/');
    expect(() => claim(folder, two)).toThrow(
      expect.objectContaining({ exitCode: 3, message: expect.stringContaining('at work in /srv') }),
    );
    expect(() => takeOver(folder, two)).toThrow(/another create-service is at work/);
    expect(files.snapshot('/')).toEqual(claimed);
    release(folder, one);
    expect(files.snapshot('/')).toEqual(before);
    claim(folder, two);
  });

  it('of a dead process is taken over by one other, who keeps the rest out', () => {
    const files = disk();
    claim(folder, processOf(files, 1, [1]));
    const [two, three] = [processOf(files, 2, [2, 3]), processOf(files, 3, [2, 3])];
    expect(() => claim(folder, two)).toThrow(/a run that was cut off left/);
    expect(takeOver(folder, two)).toBe(true);
    expect(() => takeOver(folder, three)).toThrow(/another create-service is at work/);
    release(folder, two);
    expect(takeOver(folder, three)).toBe(false);
    expect(files.snapshot('/srv')).toEqual(['0644 x x']);
  });

  it('of a dead process whose heir died too is taken over again', () => {
    const files = disk();
    claim(folder, processOf(files, 1, [1]));
    takeOver(folder, processOf(files, 2, [2]));
    const three = processOf(files, 3, [3]);
    expect(takeOver(folder, three)).toBe(true);
    release(folder, three);
    expect(files.snapshot('/srv')).toEqual(['0644 x x']);
  });

  it('is of another process when its number was given away again', () => {
    const files = disk();
    claim(folder, processOf(files, 1, [1]));
    const reborn = { host: 'here', pid: 1, start: 'later' };
    const isAlive = ({ start }: { start: string }) => start === 'later';
    const system = memorySystem({ files, processes: { self: () => reborn, isAlive } });
    expect(takeOver(folder, system)).toBe(true);
  });

  it('of another host counts for ten minutes, because its processes cannot be seen', () => {
    const files = disk();
    const there = { host: 'there', pid: 1, start: 's1' };
    claim(folder, memorySystem({ files, now: () => 0, processes: { self: () => there, isAlive: () => true } }));
    expect(() => takeOver(folder, processOf(files, 2, [2], { now: () => 9 * minute }))).toThrow(/at work/);
    expect(takeOver(folder, processOf(files, 2, [2], { now: () => 11 * minute }))).toBe(true);
  });

  it('gives way when the folder became somebody else’s between two steps', () => {
    const files = disk();
    claim(folder, processOf(files, 1, [1]));
    const three = processOf(files, 3, [2, 3]);
    // The moment after `two` saw that 1 is dead, 3 finishes for it and begins a transaction of its own.
    let isLate = false;
    const rename: MemoryFiles['rename'] = (from, to) => {
      if (isLate && to === `${folder}/next`) {
        isLate = false;
        takeOver(folder, three);
        release(folder, three);
        claim(folder, three);
      }
      files.rename(from, to);
    };
    const two = processOf(files, 2, [2, 3], { files: { ...files, rename } });
    isLate = true;
    expect(() => takeOver(folder, two)).toThrow(/another create-service is at work/);
    release(folder, three);
    expect(files.snapshot('/srv')).toEqual(['0644 x x']);
  });
});

describe('sweep', () => {
  it('removes what dead processes prepared, and leaves the living and everything else', () => {
    const files = disk();
    for (const name of ['1-s1', '2-s2', '3-other', 'note']) files.makeDirectory(`${folder}-${name}`);
    files.create(`${folder}-1-s1/claim`, '{', 0o644);
    sweep(folder, processOf(files, 9, [2, 9]));
    expect(files.list('/srv')).toEqual([`.create-service-transaction-2-s2`, '.create-service-transaction-note', 'x']);
  });
});
