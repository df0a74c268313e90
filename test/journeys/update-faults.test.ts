import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import type { MemoryFiles } from '../../src/system/memory-files.js';
import { memorySystem } from '../../src/system/memory-system.js';
import type { Processes } from '../../src/system/processes.js';
import { carryOut } from '../../src/update/carry-out.js';
import { openService } from '../../src/update/open-service.js';
import { planUpdate } from '../../src/update/plan-update.js';
import { fakeTerminal } from '../support/fake-terminal.js';
import { type Fault, faultyFiles, Killed } from '../support/faulty-files.js';
import { catalogOf, type Version, writtenBy } from '../support/template-versions.js';

const old = 'a\nb\nc\nd\ne\n';
const first: Version = { Makefile: old, 'build/Dockerfile': old, gone: old, 'docs/kept': old, conflict: old };
const second: Version = {
  Makefile: 'a\nb\nc\nd\nE\n',
  'package/Dockerfile': 'a\nb\nc\nd\nE\n',
  'new/file': old,
  'docs/kept': 'x\n',
  conflict: 'a\nb\nc\nd\nE\n',
};

/** The first version, edited: the update merges, renames, removes, makes, and shows a conflict. */
function edited(): MemoryFiles {
  const service = writtenBy(first);
  service.write('Makefile', 'A\nb\nc\nd\ne\n');
  service.write('build/Dockerfile', 'A\nb\nc\nd\ne\n');
  service.write('conflict', 'a\nb\nc\nd\nmine\n');
  service.files.changeMode('/srv/docs/kept', 0o600);
  return service.files;
}

async function update(files: MemoryFiles, pid: number): Promise<void> {
  const self = { host: 'here', pid, start: `s${pid}` };
  const processes: Processes = { self: () => self, isAlive: (other) => other.pid === pid };
  const system = memorySystem({ files, processes, run: async () => 'not-found', terminal: fakeTerminal() });
  const service = openService(system);
  const planned = await planUpdate(service, service.manifest, catalogOf(second), system);
  await carryOut(planned, false, system);
}

/** Updates with a fault at one call. Returns undefined when there are not that many calls. */
async function updateWithFault(disk: MemoryFiles, number: number, fault: Fault): Promise<unknown> {
  const { files, calls } = faultyFiles(disk, number, fault);
  const thrown = await update(files as MemoryFiles, 100).catch((error: unknown) => error);
  return calls.length > number ? { thrown } : undefined;
}

function tree(files: MemoryFiles): readonly string[] {
  return files.snapshot('/').filter((entry) => !/ srv\/\.create-service\/undo/.test(entry));
}

describe('an update with edits in the service', async () => {
  const begun = edited();
  const before = tree(begun);
  const done = begun.copy();
  await update(done, 100);
  const complete = tree(done);

  it('has all that can happen in it', () => {
    const text = complete.join('\n');
    for (const part of [
      'A\nb\nc\nd\nE\n',
      'srv/package/Dockerfile',
      'srv/new/file',
      '0600 srv/docs/kept x',
      '<<<<<<<',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('srv/gone');
  });

  it.each(['ENOSPC', 'EACCES', 'EROFS', 'EXDEV', 'EIO'])(
    'that is refused anywhere with %s leaves what was there',
    async (code) => {
      let refusals = 0;
      for (let number = 0; ; number++) {
        const disk = begun.copy();
        const tried = await updateWithFault(disk, number, { kind: 'refused', code });
        if (!tried) break;
        const { thrown } = tried as { readonly thrown: unknown };
        if (thrown === undefined) continue;
        refusals++;
        expect(thrown).toBeInstanceOf(UserError);
        expect(thrown).toMatchObject({ exitCode: 3 });
        expect(tree(disk)).toEqual(before);
      }
      expect(refusals).toBeGreaterThan(30);
    },
  );

  it.each(['before', 'within', 'after'] as const)(
    'that is killed %s any call is the old service or the new one for the next command, which completes it',
    async (when) => {
      const outcomes = new Set<string>();
      for (let number = 0; ; number++) {
        const disk = begun.copy();
        if (!(await updateWithFault(disk, number, { kind: 'killed', when }))) break;
        openService(memorySystem({ files: disk, processes: aloneAs(101), terminal: fakeTerminal() }));
        const found = tree(disk).join('\n');
        outcomes.add(found === before.join('\n') ? 'old' : found === complete.join('\n') ? 'new' : found);
        if (outcomes.has('old') && found === before.join('\n')) {
          await update(disk, 102);
          expect(tree(disk)).toEqual(complete);
        }
      }
      expect([...outcomes].sort()).toEqual(['new', 'old']);
    },
  );

  it('that is killed and recovered by a command that is killed is whole for the one after it', async () => {
    const kill: Fault = { kind: 'killed', when: 'within' };
    let recoveries = 0;
    for (let number = 0; ; number += 3) {
      const disk = begun.copy();
      if (!(await updateWithFault(disk, number, kill))) break;
      for (let step = 0; ; step += 2) {
        const again = disk.copy();
        const { files, calls } = faultyFiles(again, step, kill);
        try {
          openService(memorySystem({ files: files as MemoryFiles, processes: aloneAs(101), terminal: fakeTerminal() }));
        } catch (error) {
          expect(error).toBeInstanceOf(Killed);
        }
        if (calls.length <= step) break;
        openService(memorySystem({ files: again, processes: aloneAs(102), terminal: fakeTerminal() }));
        expect([before.join('\n'), complete.join('\n')]).toContain(tree(again).join('\n'));
        recoveries++;
      }
    }
    expect(recoveries).toBeGreaterThan(100);
  });
});

function aloneAs(pid: number): Processes {
  const self = { host: 'here', pid, start: `s${pid}` };
  return { self: () => self, isAlive: (other) => other.pid === pid };
}
