import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commands } from '../../src/commands_gen.js';
import { runCli } from '../support/run-cli.js';

const names = commands.map(({ name }) => name);

describe('bash completion', () => {
  let directory: string;
  let script: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'completion-'));
    script = (await runCli(['completion', 'bash'])).out;
    writeFileSync(join(directory, 'my service.yaml'), '');
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  /** Returns what bash offers after the typed words, the last of which is being completed. */
  function offers(...typed: readonly string[]): readonly string[] {
    const words = ['create-service', ...typed].map((word) => `'${word}'`).join(' ');
    const press = `COMP_WORDS=(${words}) COMP_CWORD=${typed.length}; _create_service; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const output = execFileSync('bash', ['--norc', '-c', `${script}\n${press}`], { cwd: directory, encoding: 'utf8' });
    return output.split('\n').filter(Boolean);
  }

  test('offers the commands first', () => {
    expect(offers('')).toEqual([...names, 'help']);
    expect(offers('sch')).toEqual(['schema']);
  });

  test('offers the options of the command that was typed, and those of new before any', () => {
    expect(offers('schema', '--')).toEqual(['--out', '--json', '--cwd', '--help']);
    expect(offers('--man')).toEqual(['--manifest']);
    expect(offers('new', 'orders', '--dry')).toEqual(['--dry-run']);
  });

  test('offers the words of an operand, and files with spaces as one', () => {
    expect(offers('completion', 'f')).toEqual(['fish']);
    expect(offers('new', '--manifest', 'my')).toEqual(['my service.yaml']);
  });
});

test.each(['zsh', 'fish'])('the %s script has every command and option', async (shell) => {
  const { code, out } = await runCli(['completion', shell]);
  expect(code).toBe(0);
  for (const { name, options = [] } of commands) {
    expect(out).toContain(name);
    for (const { flags } of options) expect(out).toContain(/--([a-z-]+)/.exec(flags)?.[1]);
  }
});
