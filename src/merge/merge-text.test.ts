import { describe, expect, it } from 'vitest';
import { mergeText } from './merge-text.js';

const labels = { ours: 'ours', base: 'base', theirs: 'theirs' };
const lines = (...all: readonly string[]) => all.map((line) => `${line}\n`).join('');
const merge = (base: string, ours: string, theirs: string) => mergeText(base, ours, theirs, labels);

describe('mergeText', () => {
  it.each([
    ['one side only', lines('a', 'b', 'c'), lines('a', 'B', 'c'), lines('a', 'b', 'c'), lines('a', 'B', 'c')],
    ['the other side only', lines('a', 'b', 'c'), lines('a', 'b', 'c'), lines('a', 'c'), lines('a', 'c')],
    ['both sides, apart', lines('a', 'b', 'c'), lines('A', 'b', 'c'), lines('a', 'b', 'C'), lines('A', 'b', 'C')],
    ['both sides alike', lines('a', 'b'), lines('a', 'x', 'b'), lines('a', 'x', 'b'), lines('a', 'x', 'b')],
    ['both emptied it', lines('a'), '', '', ''],
    ['insertions at both ends', lines('b'), lines('a', 'b'), lines('b'), lines('a', 'b')],
    ['no newline at the end of one side', 'a\nb\nc', 'A\nb\nc', 'a\nb\nc\n', 'A\nb\nc\n'],
    ['CRLF on our side', lines('a', 'b', 'c'), 'A\r\nb\r\nc\r\n', lines('a', 'b', 'C'), 'A\r\nb\r\nC\r\n'],
  ])('takes changes of %s', (_, base, ours, theirs, text) => {
    expect(merge(base, ours, theirs)).toEqual({ text, conflicts: 0 });
  });

  it('shows both sides and the base where they differ', () => {
    expect(merge(lines('a', 'b', 'c'), lines('a', 'x', 'c'), lines('a', 'y', 'c'))).toEqual({
      text: lines('a', '<<<<<<< ours', 'x', '||||||| base', 'b', '=======', 'y', '>>>>>>> theirs', 'c'),
      conflicts: 1,
    });
  });

  it('begins markers on a line of their own, with the line ending of the file', () => {
    expect(merge('a', 'x', 'y').text).toBe(
      lines('<<<<<<< ours', 'x', '||||||| base', 'a', '=======', 'y', '>>>>>>> theirs'),
    );
    expect(merge('a\n', 'x\r\n', 'y\n').text.match(/[^\r]\n/)).toBeNull();
  });

  it('calls changes that touch each other a conflict', () => {
    expect(merge(lines('a', 'b'), lines('A', 'b'), lines('a', 'B')).conflicts).toBe(1);
  });

  it('keeps what one side inserted beside what the other changed', () => {
    expect(merge(lines('a', 'b'), lines('A1', 'A2', 'b'), lines('a', 'new', 'b'))).toEqual({
      text: lines('A1', 'A2', 'new', 'b'),
      conflicts: 0,
    });
    expect(merge(lines('a', 'b', 'c'), lines('a', 'new', 'b', 'c'), lines('a', 'C'))).toEqual({
      text: lines('a', 'new', 'C'),
      conflicts: 0,
    });
  });

  it('puts nothing behind a last line without an end', () => {
    const { text, conflicts } = merge('}\n', 'mine', '}\ntheirs\n');
    expect(conflicts).toBe(1);
    expect(text.split('\n')).toEqual(expect.arrayContaining(['mine', 'theirs']));
  });

  it('shows a conflict where both inserted, where both inserted the same beside a change, and beside a deletion', () => {
    expect(merge(lines('a', 'b'), lines('a', 'x', 'b'), lines('a', 'y', 'b')).conflicts).toBe(1);
    expect(merge(lines('a', 'b'), lines('A', 'new', 'b'), lines('a', 'new', 'b')).conflicts).toBe(1);
    expect(merge(lines('a', 'b', 'c'), lines('c'), lines('a', 'b', 'new', 'c')).conflicts).toBe(1);
  });

  it('stays quick on thousands of equal lines', () => {
    const base = lines(...Array.from({ length: 6000 }, (_, index) => (index % 3 === 0 ? '}' : '')));
    const ours = lines('start') + base;
    const theirs = `${base}end\n`;
    const begin = process.cpuUsage();
    expect(merge(base, ours, theirs)).toEqual({ text: `${ours}end\n`, conflicts: 0 });
    // Measured: 5 ms. An algorithm that is quadratic in equal lines takes minutes.
    expect(process.cpuUsage(begin).user).toBeLessThan(1_000_000);
  });
});
