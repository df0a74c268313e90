import { expect, it } from 'vitest';
import { barText, progressBar } from './progress-bar.js';
import type { Terminal } from './terminal.js';

function watched(isTerminal: boolean, total: number) {
  let time = 0;
  const written: string[] = [];
  const terminal = {
    isTerminal: { out: isTerminal, err: isTerminal },
    err: (text: string) => void written.push(text),
  } as unknown as Terminal;
  const bar = progressBar(total, { terminal, now: () => time });
  const pass = (milliseconds: number) => {
    time += milliseconds;
  };
  return { bar, pass, written };
}

it('says how much is done and how long the rest takes', () => {
  expect(barText(0, 10, 0)).toBe(`${'░'.repeat(24)}  0/10`);
  expect(barText(5, 10, 5_000)).toBe(`${'█'.repeat(12)}${'░'.repeat(12)}  5/10  5 s left`);
  expect(barText(1, 1000, 1_000)).toContain('1/1000  16 m 39 s left');
  expect(barText(1, 10_000, 1_000)).toContain('2 h 46 m left');
  expect(barText(10, 10, 9_000)).toBe(`${'█'.repeat(24)}  10/10  0 s left`);
});

it('appears after a second, makes place for lines, and goes', () => {
  const { bar, pass, written } = watched(true, 10);
  bar.step('1 unchanged');
  expect(written).toEqual([]);
  pass(1_500);
  bar.step('2 unchanged');
  expect(written.at(-1)).toBe(`\r\u001b[K${barText(2, 10, 1_500)}  2 unchanged`);
  bar.around(() => void written.push('line\n'));
  expect(written.slice(1, 3)).toEqual(['\r\u001b[K', 'line\n']);
  expect(written.at(-1)).toContain('2/10');
  bar.end();
  expect(written.at(-1)).toBe('\r\u001b[K');
});

it('is not there without a terminal', () => {
  const { bar, pass, written } = watched(false, 10);
  pass(5_000);
  bar.step('x');
  bar.around(() => void written.push('line\n'));
  bar.end();
  expect(written).toEqual(['line\n']);
});
