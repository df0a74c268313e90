import { describe, expect, test } from 'vitest';
import { commands } from '../../src/commands_gen.js';
import { version } from '../../src/version.js';
import { runCli } from '../support/run-cli.js';

describe('help and version', () => {
  test('--version prints the version on standard output', async () => {
    expect(await runCli(['--version'])).toMatchObject({ code: 0, out: `${version}\n`, err: '' });
  });

  test('--help names every command and the exit codes, and has an example', async () => {
    const { code, out, err } = await runCli(['--help']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const { name, summary } of commands)
      expect(out).toMatch(new RegExp(`^  ${name}\\b.*${summary.slice(0, 15)}`, 'm'));
    expect(out).toContain('70 a bug');
    expect(out).toContain('$ create-service');
  });

  test.each(commands.map(({ name }) => name))(
    '%s --help has its examples and the options that work everywhere',
    async (name) => {
      const { code, out } = await runCli([name, '--help']);
      expect(code).toBe(0);
      expect(out).toMatch(/\nExamples:\n {2}\$ /);
      expect(out).toContain('--cwd <dir>');
      expect(await runCli(['help', name])).toMatchObject({ code: 0, out });
    },
  );
});

describe('typos', () => {
  test.each([
    [
      'a command',
      ['shcema'],
      'there is no command shcema',
      'did you mean schema? For a service in a directory of that name write ./shcema',
    ],
    ['a command before its arguments', ['lst', 'kafka'], 'there is no command lst', 'did you mean list?'],
    ['a command after an option', ['--yes', 'lisst'], 'there is no command lisst', 'did you mean list?'],
    ['an option', ['new', 'x', '--yess'], "unknown option '--yess'", 'Did you mean --yes?'],
    ['a global option', ['list', '--jsom'], "unknown option '--jsom'", 'Did you mean --json?'],
    ['a command after its options', ['--yes', 'new', 'orders'], 'the command new must come before its options', ''],
    ['a command to get help for', ['help', 'nosuch'], 'there is no such command', ''],
    ['a shell', ['completion', 'fisch'], "'fisch' is invalid", 'Allowed choices are bash, zsh, fish'],
    ['an operand too many', ['new', 'a', 'b'], 'too many arguments', ''],
    ['an option without its value', ['new', '--manifest'], 'argument missing', ''],
  ])('%s is refused', async (_, argv, message, hint) => {
    const { code, out, err } = await runCli(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).toContain(hint);
  });

  test('a path is never taken for a mistyped command', async () => {
    const { code, err } = await runCli(['./lisst']);
    expect(code).toBe(2);
    expect(err).toContain('missing: --module, --owner, --yes');
  });

  test('flags that a manifest answers already cannot be given beside it', async () => {
    const { code, err } = await runCli(['new', '--manifest', 'service.yaml', '--name', 'orders', '--yes']);
    expect(code).toBe(2);
    expect(err).toContain("'--manifest <file>' cannot be used with option '--name <name>'");
  });
});

describe('failures', () => {
  const broken = new Error('the template is broken');

  test('with --json a failure is one JSON document on standard output, and words on standard error', async () => {
    const { code, out, err } = await runCli(['new', '--json']);
    expect(JSON.parse(out)).toMatchObject({ error: { exitCode: 2, message: expect.stringContaining('--module') } });
    expect({ code, err: err.slice(0, 6) }).toEqual({ code: 2, err: 'error:' });
  });

  test('a bug is printed with its stack and a request, exit 70', async () => {
    const { code, out, err } = await runCli(['doctor'], {
      run: () => {
        throw broken;
      },
    });
    expect({ code, out }).toEqual({ code: 70, out: '' });
    expect(err).toMatch(/the template is broken\n +at /);
    expect(err).toContain('This is a bug of create-service. Please report it');
  });

  test('an error of the operating system is not a bug, exit 3', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
    const { code, err } = await runCli(['doctor'], {
      run: () => {
        throw full;
      },
    });
    expect(code).toBe(3);
    expect(err).toBe('error: ENOSPC: no space left on device, write\n');
  });

  test('--cwd must be a directory', async () => {
    const { code, err } = await runCli(['doctor', '--cwd', 'nowhere']);
    expect(code).toBe(2);
    expect(err).toContain('--cwd: there is no directory nowhere');
  });
});
