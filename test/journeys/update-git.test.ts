import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { main } from '../../src/main.js';
import type { MemoryFiles } from '../../src/system/memory-files.js';
import { nodeFiles } from '../../src/system/node-files.js';
import { run } from '../../src/system/node-run.js';
import { fakeTerminal } from '../support/fake-terminal.js';
import { type Written, writtenBy } from '../support/template-versions.js';

const old = 'a\nb\nc\nd\ne\n';
const next = 'a\nb\nc\nd\nE\n';
let root = '';
let cwd = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'update-git-'));
  // A service need not be the whole repository.
  cwd = path.join(root, 'services', 'orders');
  mkdirSync(cwd, { recursive: true });
  git('-C', root, 'init', '--quiet');
});

afterEach(() => rmSync(root, { recursive: true }));

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8' });
}

function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
}

function service(files: Readonly<Record<string, string>>): Written {
  const written = writtenBy(files, { files: nodeFiles() as MemoryFiles, cwd, run });
  commit();
  return written;
}

function write(file: string, text: string): void {
  writeFileSync(path.join(cwd, file), text);
}

it('refuses to write over what is not committed, by name, unless it is told to', async () => {
  const written = service({ Makefile: old, other: old });
  write('Makefile', 'A\nb\nc\nd\ne\n');
  await expect(written.update({ Makefile: next, other: next })).rejects.toMatchObject({
    exitCode: 3,
    diagnostics: [{ file: 'Makefile' }],
  });
  expect(written.read('other')).toBe(old);
  await written.update({ Makefile: next, other: next }, { allowDirty: true });
  expect(written.read('Makefile')).toBe('A\nb\nc\nd\nE\n');
});

it('writes beside edits that are not committed, and over its own writes', async () => {
  const written = service({ Makefile: old, other: old });
  write('Makefile', 'mine');
  await written.update({ Makefile: old, other: next });
  await written.update({ Makefile: old, other: 'third\n' });
  expect([written.read('Makefile'), written.read('other')]).toEqual(['mine', 'third\n']);
});

it('merges a file that git ignores', async () => {
  const written = service({ Makefile: old, '.gitignore': '/Makefile\n' });
  write('Makefile', 'A\nb\nc\nd\ne\n');
  expect(git('status', '--porcelain')).toBe('');
  await written.update({ Makefile: next, '.gitignore': '/Makefile\n' });
  expect(written.read('Makefile')).toBe('A\nb\nc\nd\nE\n');
});

it('puts the three sides of a conflict into the index, so that merge tools open and a commit waits', async () => {
  const written = service({ Makefile: old, same: old });
  const mine = 'a\nb\nc\nd\nmine\n';
  write('Makefile', mine);
  write('collision', 'mine\n');
  commit();
  await written.update({ Makefile: next, same: old, collision: 'theirs\n' });
  const stage = (number: number, file: string) => git('show', `:${number}:./${file}`);
  expect([1, 2, 3].map((number) => stage(number, 'Makefile'))).toEqual([old, mine, next]);
  expect([2, 3].map((number) => stage(number, 'collision'))).toEqual(['mine\n', 'theirs\n']);
  expect(git('status', '--porcelain')).toMatch(/^AA services\/orders\/collision$/m);
  expect(git('status', '--porcelain')).toMatch(/^UU services\/orders\/Makefile$/m);
  expect(git('diff', '--name-only', '--diff-filter=U')).toContain('Makefile');
  write('Makefile', 'a\nb\nc\nd\nboth\n');
  write('collision', 'both\n');
  await written.update({ Makefile: next, same: old, collision: 'theirs\n' }, { allowDirty: true });
  expect(git('ls-files', '--unmerged')).toBe('');
  commit();
});

it('takes the sides of a conflict out of the index when the update is undone', async () => {
  const written = service({ Makefile: old });
  write('Makefile', 'a\nb\nc\nd\nmine\n');
  commit();
  await written.update({ Makefile: next });
  expect(git('ls-files', '--unmerged')).not.toBe('');
  expect(await main(['undo'], { ...written.system, terminal: fakeTerminal() })).toBe(0);
  expect([git('ls-files', '--unmerged'), git('status', '--porcelain')]).toEqual(['', '']);
});

it('finds a merge base that was deleted in the history', async () => {
  const written = service({ Makefile: old });
  rmSync(path.join(cwd, '.create-service/base/Makefile'));
  write('Makefile', 'A\nb\nc\nd\ne\n');
  commit();
  await written.update({ Makefile: next });
  expect(written.read('Makefile')).toBe('A\nb\nc\nd\nE\n');
});

it('works in a clone that has nothing but the last commit', async () => {
  const written = service({ Makefile: old });
  write('Makefile', 'A\nb\nc\nd\ne\n');
  commit();
  const clone = path.join(root, 'clone');
  git('clone', '--quiet', '--depth', '1', `file://${root}`, clone);
  rmSync(path.join(cwd, 'service.yaml'));
  rmSync(cwd, { recursive: true });
  execFileSync('cp', ['-r', path.join(clone, 'services/orders'), cwd]);
  await written.update({ Makefile: next });
  expect(readFileSync(path.join(cwd, 'Makefile'), 'utf8')).toBe('A\nb\nc\nd\nE\n');
  expect(existsSync(path.join(cwd, '.create-service/undo/.gitignore'))).toBe(true);
});

it('keeps what undo needs out of version control', async () => {
  const written = service({ Makefile: old });
  await written.update({ Makefile: next });
  expect(git('status', '--porcelain', '--untracked-files=all')).not.toContain('undo');
});

it('refuses to write where git is there and cannot tell what is committed', async () => {
  const written = service({ Makefile: old });
  write('Makefile', 'A\nb\nc\nd\ne\n');
  writeFileSync(path.join(root, '.git', 'index'), 'no index');
  await expect(written.update({ Makefile: next })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/^cannot see what is committed: .*index file/),
  });
  expect(written.read('Makefile')).toBe('A\nb\nc\nd\ne\n');
});

it('follows no file into another checkout or service', async () => {
  const written = service({ Makefile: old, other: old });
  rmSync(path.join(cwd, 'Makefile'));
  for (const [folder, mark] of [
    ['worktree', '.git'],
    ['nested', '.create-service/lock.yaml'],
  ] as const) {
    mkdirSync(path.dirname(path.join(cwd, folder, mark)), { recursive: true });
    write(path.join(folder, mark), '');
    write(path.join(folder, 'Makefile'), old);
  }
  const { verdicts } = await written.update({ Makefile: next, other: old });
  expect(verdicts.Makefile).toBe('skipped-deleted');
  expect(readFileSync(path.join(cwd, 'worktree/Makefile'), 'utf8')).toBe(old);
  expect(readFileSync(path.join(cwd, 'nested/Makefile'), 'utf8')).toBe(old);
});

it('does not take for deleted what a sparse checkout leaves out', async () => {
  const written = service({ Makefile: old, 'sub/other': old });
  git('-C', root, 'sparse-checkout', 'set', '--no-cone', '/*', '!sub');
  await expect(written.update({ Makefile: next, 'sub/other': next })).rejects.toMatchObject({
    exitCode: 3,
    diagnostics: [{ file: 'sub/other' }],
  });
  expect(written.read('Makefile')).toBe(old);
  git('-C', root, 'sparse-checkout', 'disable');
  rmSync(path.join(cwd, 'sub/other'));
  const { verdicts } = await written.update({ Makefile: next, 'sub/other': next });
  expect(verdicts['sub/other']).toBe('skipped-deleted');
});
