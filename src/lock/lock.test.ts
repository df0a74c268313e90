import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { UserError } from '../errors.js';
import { formatLock } from './format-lock.js';
import type { Lock, LockedFile } from './lock.js';
import { parseLock } from './parse-lock.js';

const sha256 = 'a1'.repeat(32);

function aFile(path: string): LockedFile {
  return { path, class: 'managed', owner: 'service', mode: 0o644, sha256 };
}

function aLock(parts: Partial<Lock> = {}): Lock {
  return {
    tool: '0.1.0',
    manifest: 'name: orders\n',
    numbers: [{ name: 'migrations/create_orders', number: 1 }],
    files: [aFile('.golangci.yaml'), { path: 'scripts/dev', class: 'yours', owner: 'mysql', mode: 0o755, sha256 }],
    ...parts,
  };
}

describe('the lock', () => {
  it('is one entry a line', () => {
    expect(formatLock(aLock())).toMatchInlineSnapshot(`
      "# Written by create-service; commit it. When a merge leaves markers in here, keep them and run
      # \`create-service update\`: it puts both sides together.
      lock: 1
      tool: 0.1.0
      manifest: |2+
        name: orders
      numbers:
        "migrations/create_orders": 1
      files:
        ".golangci.yaml": { class: managed, owner: service, mode: "644", sha256: "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1" }
        "scripts/dev": { class: yours, owner: mysql, mode: "755", sha256: "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1" }
      "
    `);
  });

  it.each([
    ['nothing in it', aLock({ manifest: '', numbers: [], files: [] })],
    ['no newline at the end', aLock({ manifest: 'a: 1\nb: 2' })],
    ['empty lines at the end', aLock({ manifest: 'a: 1\n\n\n' })],
    ['an empty line only', aLock({ manifest: '\n' })],
    ['blanks at the start', aLock({ manifest: '    a: 1\n b: 2\n' })],
    ['comments and quotes', aLock({ manifest: '# c\na: "x: y" # d\n\n# files:\n' })],
    ['open conflicts', aLock({ conflicts: ['Dockerfile', 'a "b"'] })],
    ['a file that was moved', aLock({ files: [{ ...aFile('Makefile'), at: 'build/"x"' }] })],
    ['a quoted path', aLock({ files: [aFile('docs/a: "b" #c é')] })],
  ])('comes back as it was, also through a YAML reader: %s', (_, lock) => {
    const text = formatLock(lock);
    expect(parseLock(text)).toEqual(lock);
    const { manifest, files, tool } = parse(text) as {
      manifest: string;
      tool: string;
      files: Record<string, { sha256: string }>;
    };
    expect({ manifest, tool }).toEqual({ manifest: lock.manifest, tool: lock.tool });
    expect(Object.entries(files).map(([path, file]) => [path, file.sha256])).toEqual(
      lock.files.map((f) => [f.path, f.sha256]),
    );
  });

  it('keeps carriage returns', () => {
    const lock = aLock({ manifest: 'a: 1\r\nb: 2\r\n' });
    expect(parseLock(formatLock(lock))).toEqual(lock);
  });

  it('is sorted whatever the order it came in', () => {
    const lock = aLock();
    expect(formatLock({ ...lock, files: [...lock.files].reverse() })).toBe(formatLock(lock));
  });

  it('is refused when a newer tool wrote it', () => {
    const newer = formatLock(aLock({ tool: '9.0.0' })).replace('lock: 1', 'lock: 2');
    expect(() => parseLock(newer)).toThrow(
      expect.objectContaining({ exitCode: 3, message: expect.stringContaining('9.0.0') }),
    );
  });

  it.each([
    ['a conflict', (text: string) => text.replace('numbers:', '<<<<<<< ours\nnumbers:'), 7],
    ['a path outside', (text: string) => text.replace('scripts/dev', '../dev'), 11],
    ['an absolute path', (text: string) => text.replace('scripts/dev', '/dev'), 11],
    ['a place outside', (text: string) => text.replace('a1" }', 'a1", at: "../x" }'), 10],
    ['an unknown class', (text: string) => text.replace('yours', 'theirs'), 11],
    ['a short digest', (text: string) => text.replace(sha256, 'a1'), 10],
    ['a number that is none', (text: string) => text.replace('orders": 1', 'orders": x'), 8],
    ['the end missing', (text: string) => text.slice(0, text.indexOf('files:')), 9],
    ['an empty file', () => '', 1],
    ['a line that was left of a conflict', (text: string) => `${text}=======\n`, 12],
    ['an empty line before others', (text: string) => text.replace(/\n( {2}"scripts)/, '\n\n$1'), 11],
  ])('with %s is refused with the line', (_, damage, line) => {
    const read = () => parseLock(damage(formatLock(aLock())));
    expect(read).toThrow(UserError);
    expect(read).toThrow(expect.objectContaining({ exitCode: 1, diagnostics: [expect.objectContaining({ line })] }));
  });
});
