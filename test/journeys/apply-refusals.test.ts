import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply/apply.js';
import { recover } from '../../src/apply/recover.js';
import { diskSystem } from '../support/disk-system.js';
import { diskTree } from '../support/disk-tree.js';
import { firstTree, secondTree } from '../support/large-trees.js';
import { aTree, lockFacts, planOf } from '../support/plans.js';

const system = diskSystem();
const nothing = aTree({});
const root = mkdtempSync(path.join(tmpdir(), 'apply-refusals-'));
const disk = path.join(root, 'disk');
mkdirSync(disk);

/** Whether this process may mount file systems: root on Linux, outside most containers. */
const mayMount = ((): boolean => {
  try {
    mount('tmpfs', '-o', 'size=64k');
    execFileSync('umount', [disk]);
    return true;
  } catch {
    return false;
  }
})();

function mount(type: string, ...options: readonly string[]): void {
  execFileSync('mount', ['-t', type, ...options, 'none', disk], { stdio: 'ignore' });
}

function write(directory: string, last = nothing, next = firstTree): void {
  apply(planOf(directory, last, next, system), lockFacts, directory, system);
}

/** Applies, expects the refusal, and that nothing of it is left. */
function expectRefusal(directory: string, message: RegExp, last = nothing, next = firstTree): void {
  const before = diskTree(root);
  expect(() => write(directory, last, next)).toThrow(
    expect.objectContaining({ name: 'UserError', exitCode: 3, message: expect.stringMatching(message) }),
  );
  expect(diskTree(root)).toEqual(before);
}

/** Does something without root's right to write everywhere. */
function asNobody(action: () => void): void {
  if (process.geteuid?.() !== 0) return action();
  chmodSync(root, 0o755);
  process.seteuid?.(65534);
  try {
    action();
  } finally {
    process.seteuid?.(0);
  }
}

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(!mayMount)('a real disk (skipped where file systems cannot be mounted)', () => {
  afterEach(() => execFileSync('umount', [disk]));

  it.each([
    ['a new directory', 'orders'],
    ['its own root', '.'],
  ])('that is too small for %s is left as it was', (_, name) => {
    mount('tmpfs', '-o', 'size=64k');
    expectRefusal(path.join(disk, name), /^cannot write \S+\.go: no space is left on the disk$/);
  });

  it('that fills up during an update is left as it was', () => {
    // The first tree takes about 900 KiB and the second a third less; both at once do not fit.
    mount('tmpfs', '-o', 'size=1100k');
    write(path.join(disk, 'orders'));
    writeFileSync(path.join(disk, 'ballast'), Buffer.alloc(60_000));
    expectRefusal(path.join(disk, 'orders'), /no space is left on the disk$/, firstTree, secondTree);
  });

  it('that is read-only is left as it was', () => {
    mount('tmpfs', '-o', 'ro');
    expectRefusal(path.join(disk, 'orders'), /^cannot write \S+: the file system is read-only$/);
    expectRefusal(disk, /^cannot write \S+: the file system is read-only$/);
  });

  it('that holds one directory of the service is no place to rename to', () => {
    const service = path.join(root, 'mounted');
    mkdirSync(path.join(service, 'internal'), { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'none', path.join(service, 'internal')]);
    try {
      expectRefusal(service, /^cannot write \S+\.go: it lies on another file system than the directory around it$/);
    } finally {
      execFileSync('umount', [path.join(service, 'internal')]);
      rmSync(service, { recursive: true });
      mount('tmpfs');
    }
  });
});

describe('a real directory', () => {
  const service = path.join(root, 'service');
  beforeEach(() => mkdirSync(service));
  afterEach(() => {
    chmodSync(service, 0o755);
    rmSync(service, { recursive: true });
  });

  it('that may not be written is left as it was', () => {
    chmodSync(service, 0o555);
    asNobody(() => {
      expectRefusal(service, /^cannot write \S+: permission denied$/);
      expectRefusal(path.join(service, 'orders'), /^cannot write \S+: permission denied$/);
    });
  });

  it('that may not be entered is refused', () => {
    mkdirSync(path.join(service, 'locked'));
    chmodSync(path.join(service, 'locked'), 0o000);
    const directory = path.join(service, 'locked', 'orders');
    asNobody(() => expect(() => recover(directory, system)).toThrow(/^cannot reach \S+locked\S*: permission denied$/));
    chmodSync(path.join(service, 'locked'), 0o700);
  });

  it('with a file where a directory is needed is left as it was', () => {
    writeFileSync(path.join(service, 'internal'), 'mine');
    expectRefusal(service, /internal: a file stands where a directory is needed$/);
  });

  it('with a directory where a file is needed is left as it was', () => {
    mkdirSync(path.join(service, 'internal/p0/f0.go'), { recursive: true });
    expectRefusal(service, /^one file would be overwritten$/);
  });

  it('with a link that leads out of it is left as it was, and so is what the link leads to', () => {
    mkdirSync(path.join(root, 'outside'));
    symlinkSync(path.join(root, 'outside'), path.join(service, 'internal'));
    expectRefusal(service, /internal: it is a symbolic link that leads out of/);
  });

  it('below a file is refused', () => {
    writeFileSync(path.join(service, 'file'), 'mine');
    expectRefusal(path.join(service, 'file', 'orders'), /file is not a directory$/);
  });

  it('whose name is too long for the file system is refused', () => {
    expectRefusal(path.join(service, 'x'.repeat(300)), /the name is too long for this file system$/);
    expect(() => recover(path.join(service, 'x'.repeat(300)), system)).toThrow(
      /the name is too long for this file system$/,
    );
  });
});
