import { describe, expect, test } from 'vitest';
import { isOlder, versionIn } from '../../src/commands/doctor/find-tool.js';
import type { Run } from '../../src/system/processes.js';
import { runCli } from '../support/run-cli.js';

/** A machine that has these programs, with what each prints as its version. */
function machine(programs: Readonly<Record<string, string>>): Run {
  return async (command) => {
    const stdout = programs[command];
    return stdout === undefined ? 'not-found' : { code: 0, stdout, stderr: '' };
  };
}

const enough = { go: 'go version go1.26.1 linux/amd64', make: 'GNU Make 4.3' };

describe('doctor', () => {
  test('is content with Go and make', async () => {
    const { code, out } = await runCli(['doctor'], { run: machine(enough) });
    expect(code).toBe(0);
    expect(out).toMatch(/^go +1\.26\.1 /m);
    expect(out).toMatch(/^docker +absent, optional /m);
  });

  test.each([
    ['without make', { go: enough.go }, /^make +missing /m],
    ['with an old Go', { ...enough, go: 'go version go1.9 linux/amd64' }, /^go +1\.9, too old: 1\.26 is needed/m],
  ])('exits 1 %s', async (_, programs, line) => {
    const { code, out } = await runCli(['doctor'], { run: machine(programs) });
    expect(code).toBe(1);
    expect(out).toMatch(line);
  });

  test('an old tool that is optional is said, and no failure', async () => {
    const { code, out } = await runCli(['doctor'], {
      run: machine({ ...enough, 'golangci-lint': 'golangci-lint has version 1.64.8' }),
    });
    expect(code).toBe(0);
    expect(out).toMatch(/^golangci-lint +1\.64\.8, too old/m);
  });

  test('--json says which program stands in for another', async () => {
    const { out } = await runCli(['doctor', '--json'], {
      run: machine({ ...enough, mysqld: 'mysqld  Ver 8.4.3 for Linux' }),
    });
    const found = JSON.parse(out).tools.find(({ name }: { name: string }) => name === 'mysql server');
    expect(found).toMatchObject({ state: 'ok', program: 'mysqld', version: '8.4.3' });
  });
});

test.each([
  ['go version go1.26.0 linux/amd64', '1.26.0'],
  ['GNU Make 4.3\nBuilt for x86_64', '4.3'],
  ['mariadbd  Ver 10.11.14-MariaDB-0+deb12u2', '10.11.14'],
  ['who knows', ''],
])('versionIn(%j) is %j', (output, version) => expect(versionIn(output)).toBe(version));

test.each([
  ['1.9', '1.26', true],
  ['1.26', '1.26.0', false],
  ['1.26.1', '1.26', false],
  ['2', '2.0', false],
  ['1.25.9', '1.26', true],
])('%s is older than %s: %s', (version, oldest, older) => expect(isOlder(version, oldest)).toBe(older));
