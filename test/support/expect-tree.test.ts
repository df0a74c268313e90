import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectTree, listFiles } from './expect-tree.js';

const files = [
  { path: 'a/run.sh', body: 'one\ntwo\nthree\n', mode: 0o755 },
  { path: 'b.txt', body: 'b\n', mode: 0o644 },
];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'tree-'));
  vi.stubEnv('CI', '');
  vi.stubEnv('UPDATE_TREES', '1');
  expectTree(directory, files);
  vi.stubEnv('UPDATE_TREES', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

describe('expectTree', () => {
  it('is content with what it wrote', () => {
    expectTree(directory, files);
    expect(listFiles(directory)).toEqual(['a/run.sh', 'b.txt']);
  });

  it.each([
    [
      'another body',
      { path: 'a/run.sh', body: 'one\n2\nthree\n', mode: 0o755 },
      /a\/run\.sh: differs\n[\s\S]*-two\n\+2\n/,
    ],
    [
      'another mode',
      { path: 'a/run.sh', body: 'one\ntwo\nthree\n', mode: 0o644 },
      /a\/run\.sh: should not be executable/,
    ],
    ['a missing file', { path: 'c.txt', body: 'c', mode: 0o644 }, /c\.txt: is rendered and is not there/],
  ])('names %s', (_, file, message) => {
    expect(() => expectTree(directory, [...files.filter(({ path: name }) => name !== file.path), file])).toThrow(
      message,
    );
  });

  it('names a file too many, unless it is ignored', () => {
    writeFileSync(path.join(directory, 'a', 'x'), '');
    expect(() => expectTree(directory, files)).toThrow('a/x: is there and is not rendered');
    expectTree(directory, files, ['a/x']);
  });

  it('removes what is too much when it updates, and refuses to under CI', () => {
    writeFileSync(path.join(directory, 'x'), '');
    vi.stubEnv('UPDATE_TREES', '1');
    vi.stubEnv('CI', 'true');
    expect(() => expectTree(directory, files)).toThrow('refused where CI is set');
    vi.stubEnv('CI', '');
    expectTree(directory, files);
    expect(listFiles(directory)).toEqual(['a/run.sh', 'b.txt']);
  });
});
