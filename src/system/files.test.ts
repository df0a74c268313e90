import { lstatSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Files } from './files.js';
import { memoryFiles } from './memory-files.js';
import { nodeFiles } from './node-files.js';

const root = mkdtempSync(path.join(tmpdir(), 'files-'));
let count = 0;

afterAll(() => rmSync(root, { recursive: true }));

/** A directory of its own for each case, and a way to make links in it. */
const kinds = {
  'of this machine': () => {
    const directory = path.join(root, String(count++));
    const files = nodeFiles();
    files.makeDirectory(directory);
    return { files, directory, link: (from: string, to: string) => symlinkSync(to, from) };
  },
  'in memory': () => {
    const files = memoryFiles({ '/area/x': '' });
    files.remove('/area/x');
    return { files, directory: '/area', link: files.link };
  },
};

describe.each(Object.entries(kinds))('files %s', (_, make) => {
  function area() {
    const { files, directory, link } = make();
    const at = (name: string) => path.join(directory, name);
    files.create(at('file'), 'text', 0o644);
    files.makeDirectory(at('empty'));
    files.makeDirectory(at('full'));
    files.create(at('full/inner'), new Uint8Array([0, 255]), 0o755);
    link(at('link'), 'full');
    link(at('dangling'), 'nowhere');
    return { files, at };
  }

  const code = (action: () => void): string => {
    try {
      action();
      return 'done';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  };

  it('add to the end of a file, or make it, through links too', () => {
    const { files, at } = area();
    files.append(at('file'), ' and more');
    files.append(at('new'), 'first');
    files.append(at('link/inner'), '!');
    const text = (name: string) => Buffer.from(files.read(at(name)) ?? '').toString('latin1');
    expect([text('file'), text('new'), text('full/inner')]).toEqual(['text and more', 'first', '\0\u00ff!']);
    expect(files.status(at('full/inner'))?.mode).toBe(0o755);
    expect([code(() => files.append(at('full'), 'x')), code(() => files.append(at('nowhere/x'), 'x'))]).toEqual([
      'EISDIR',
      'ENOENT',
    ]);
  });

  it('tell what stands where', () => {
    const { files, at } = area();
    expect(files.status(at('file'))).toEqual({ kind: 'file', mode: 0o644 });
    expect(files.status(at('full/inner'))).toEqual({ kind: 'file', mode: 0o755 });
    expect(['full', 'link', 'dangling', 'link/inner'].map((name) => files.status(at(name))?.kind)).toEqual([
      'directory',
      'symlink',
      'symlink',
      'file',
    ]);
    expect(['absent', 'file/below', 'absent/below', 'dangling/below'].map((name) => files.status(at(name)))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('read and list', () => {
    const { files, at } = area();
    expect([...(files.read(at('link/inner')) ?? [])]).toEqual([0, 255]);
    expect(files.read(at('absent'))).toBeUndefined();
    expect(files.read(at('file/below'))).toBeUndefined();
    expect(files.list(at('.'))).toEqual(['dangling', 'empty', 'file', 'full', 'link']);
    expect(files.list(at('link'))).toEqual(['inner']);
    expect(files.list(at('absent'))).toBeUndefined();
    expect(files.realPath(at('link/inner'))).toBe(files.realPath(at('full/inner')));
  });

  it('rename over files and empty directories', () => {
    const { files, at } = area();
    files.create(at('new'), 'new', 0o644);
    files.rename(at('new'), at('file'));
    expect(Buffer.from(files.read(at('file')) ?? []).toString()).toBe('new');
    files.rename(at('full'), at('empty'));
    expect([files.status(at('full')), files.list(at('empty'))]).toEqual([undefined, ['inner']]);
  });

  it('change modes, remove and sync', () => {
    const { files, at } = area();
    files.changeMode(at('file'), 0o600);
    expect(files.status(at('file'))?.mode).toBe(0o600);
    files.sync(at('file'));
    files.sync(at('full'));
    files.remove(at('link'));
    files.remove(at('file'));
    files.removeDirectory(at('empty'));
    expect(files.list(at('.'))).toEqual(['dangling', 'full']);
  });

  it.each<[string, string, (files: Files, at: (name: string) => string) => void]>([
    ['read a directory', 'EISDIR', (files, at) => files.read(at('full'))],
    ['create over a file', 'EEXIST', (files, at) => files.create(at('file'), '', 0o644)],
    ['create over a link to nowhere', 'EEXIST', (files, at) => files.create(at('dangling'), '', 0o644)],
    ['create without a parent', 'ENOENT', (files, at) => files.create(at('absent/x'), '', 0o644)],
    ['create below a file', 'ENOTDIR', (files, at) => files.create(at('file/x'), '', 0o644)],
    ['make a directory twice', 'EEXIST', (files, at) => files.makeDirectory(at('full'))],
    ['make a directory without a parent', 'ENOENT', (files, at) => files.makeDirectory(at('absent/x'))],
    ['rename nothing', 'ENOENT', (files, at) => files.rename(at('absent'), at('x'))],
    ['rename into nothing', 'ENOENT', (files, at) => files.rename(at('file'), at('absent/x'))],
    ['rename a directory over a full one', 'ENOTEMPTY', (files, at) => files.rename(at('empty'), at('full'))],
    ['rename a directory over a file', 'ENOTDIR', (files, at) => files.rename(at('empty'), at('file'))],
    ['rename a file over a directory', 'EISDIR', (files, at) => files.rename(at('file'), at('empty'))],
    ['remove nothing', 'ENOENT', (files, at) => files.remove(at('absent'))],
    ['remove a full directory', 'ENOTEMPTY', (files, at) => files.removeDirectory(at('full'))],
    ['remove a file as a directory', 'ENOTDIR', (files, at) => files.removeDirectory(at('file'))],
    ['change the mode of nothing', 'ENOENT', (files, at) => files.changeMode(at('absent'), 0o600)],
    ['sync nothing', 'ENOENT', (files, at) => files.sync(at('absent'))],
    ['resolve nothing', 'ENOENT', (files, at) => files.realPath(at('absent'))],
  ])('refuse to %s: %s', (_name, expected, action) => {
    const { files, at } = area();
    expect(code(() => action(files, at))).toBe(expected);
  });
});

it('files of this machine are made under the umask', () => {
  const file = path.join(root, 'masked');
  const before = process.umask(0o077);
  try {
    nodeFiles().create(file, '', 0o755);
  } finally {
    process.umask(before);
  }
  expect(lstatSync(file).mode & 0o777).toBe(0o700);
});

it('copies in memory go their own way', () => {
  const files = memoryFiles({ '/a/b': 'text' });
  const copy = files.copy();
  copy.changeMode('/a/b', 0o600);
  copy.remove('/a/b');
  expect([files.snapshot('/a'), copy.snapshot('/a')]).toEqual([['0644 b text'], []]);
});
