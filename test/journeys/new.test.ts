import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/system/processes.js';
import { fakeTerminal, scriptedPrompts } from '../support/fake-terminal.js';
import { runCli } from '../support/run-cli.js';

const manifest = readFileSync(new URL('../../examples/orders/service.yaml', import.meta.url), 'utf8');
const files = { '/srv/service.yaml': manifest };
const fromManifest = ['new', 'orders', '--manifest', 'service.yaml', '--yes', '--no-git'];
const fromFlags = ['new', 'orders', '--module', 'github.com/acme/orders', '--owner', 'me', '--yes', '--no-git'];

describe('new from a manifest', () => {
  test('writes the service with the manifest as it was, and says what to type next', async () => {
    const { code, out, err, files: disk } = await runCli(fromManifest, { files });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(Buffer.from(disk.read('/srv/orders/service.yaml') ?? '').toString()).toBe(manifest);
    expect(disk.read('/srv/orders/cmd/orders/main.go')).toBeDefined();
    expect(err).toMatch(/Wrote orders: \d+ files in orders\n\nNext:\n {2}cd orders\n {2}make dev\n {2}make test\n$/);
  });

  test('takes its directory from the name', async () => {
    const { code, files: disk } = await runCli(['new', '--manifest', 'service.yaml', '--yes', '--no-git'], { files });
    expect({ code, written: disk.list('/srv/orders')?.includes('go.mod') }).toEqual({ code: 0, written: true });
  });

  test('reads standard input', async () => {
    const terminal = fakeTerminal({ input: manifest });
    const { code, files: disk } = await runCli(['new', 'here', '--manifest', '-', '--yes', '--no-git'], { terminal });
    expect({ code, written: disk.list('/srv/here')?.includes('go.mod') }).toEqual({ code: 0, written: true });
  });

  test('works in the directory that holds only the manifest', async () => {
    const argv = ['new', '.', '--manifest', 'service.yaml', '--yes', '--no-git', '--cwd', 'orders'];
    const { code, err, files: disk } = await runCli(argv, { files: { '/srv/orders/service.yaml': manifest } });
    expect(code).toBe(0);
    expect(disk.list('/srv/orders')).toContain('Makefile');
    expect(err).toMatch(/files in \.\n\nNext:\n {2}make dev\n/);
  });

  test('--dry-run prints the plan and writes nothing', async () => {
    const { code, out, err, files: disk } = await runCli([...fromManifest, '--dry-run'], { files });
    expect(code).toBe(0);
    expect(out).toMatch(/^create +cmd\/orders\/main\.go$/m);
    expect(err).toMatch(/^endpoints +POST +\/v1\/orders\n +GET +\/v1\/orders$/m);
    expect(disk.list('/srv')).toEqual(['.keep', 'service.yaml']);
  });

  test('--dry-run --json prints the plan as one document', async () => {
    const { out } = await runCli([...fromManifest, '--dry-run', '--json'], { files });
    const { directory, plan } = JSON.parse(out);
    expect(directory).toBe('/srv/orders');
    expect(plan).toContainEqual({ path: 'service.yaml', verdict: 'create', class: 'yours', owner: 'service' });
  });

  test('--json prints the receipt as one document', async () => {
    const { out } = await runCli([...fromManifest, '--json'], { files });
    const { receipt, git } = JSON.parse(out);
    expect(receipt.created).toContain('service.yaml');
    expect(git.state).toBe('not-asked');
  });
});

describe('new refuses', () => {
  test.each([
    ['a directory that is not empty', '/srv/orders/notes.txt', '/srv/orders is not empty: notes.txt'],
    ['a path that is a file', '/srv/orders', '/srv/orders is not a directory'],
  ])('%s, exit 3', async (_, path, message) => {
    const { code, err, files: disk } = await runCli(fromManifest, { files: { ...files, [path]: 'mine' } });
    expect(code).toBe(3);
    expect(err).toContain(message);
    expect(Buffer.from(disk.read(path) ?? '').toString()).toBe('mine');
  });

  test('--force writes beside what is there', async () => {
    const theirs = { ...files, '/srv/orders/notes.txt': 'mine' };
    const { code, files: disk } = await runCli([...fromManifest, '--force'], { files: theirs });
    expect(code).toBe(0);
    expect(disk.list('/srv/orders')).toEqual(expect.arrayContaining(['notes.txt', 'go.mod']));
  });

  test('--force replaces no file: it names them, exit 3, and writes nothing', async () => {
    const theirs = { ...files, '/srv/orders/README.md': 'mine' };
    const { code, err, files: disk } = await runCli([...fromManifest, '--force'], { files: theirs });
    expect(code).toBe(3);
    expect(err).toContain('README.md: a different file is there already');
    expect(disk.snapshot('/srv/orders')).toEqual(['0644 README.md mine']);
  });

  test.each([
    [
      'everything',
      ['new'],
      'missing: DIR or --name, --module, --owner, --yes; nothing can be asked, because there is no terminal',
    ],
    ['--yes', ['new', '--manifest', 'service.yaml'], 'missing: --yes;'],
    ['--owner', ['new', 'x', '--module', 'a.b/c', '--yes'], 'missing: --owner;'],
  ])('to go on without a terminal when %s is missing, exit 2', async (_, argv, message) => {
    const { code, out, err } = await runCli(argv, { files });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  test('a manifest that is a directory, exit 2', async () => {
    const { code, err } = await runCli(['new', 'x', '--manifest', '.', '--yes']);
    expect(code).toBe(2);
    expect(err).toContain('--manifest: . is a directory');
  });

  test('to ask when --yes was given', async () => {
    const { code, err } = await runCli(['new', '--yes'], { terminal: fakeTerminal({ canAsk: true }) });
    expect(code).toBe(2);
    expect(err).toContain('because --yes was given');
  });
});

describe('new from flags', () => {
  test('writes the manifest that the flags say', async () => {
    const flags = [
      '--api',
      'rest',
      '--resource',
      'order total:decimal(12,2)! status:enum(pending,paid)',
      '--environment',
      'dev,prod',
    ];
    const { code, files: disk } = await runCli([...fromFlags, ...flags, '--description', 'a: "b"\n{{c}}']);
    expect(code).toBe(0);
    expect(Buffer.from(disk.read('/srv/orders/service.yaml') ?? '').toString()).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=.create-service/schema.json
      apiVersion: create-service/v1
      name: orders
      module: github.com/acme/orders
      owner: me
      description: "a: \\"b\\"\\n{{c}}"
      api: [rest]

      # What the service owns. Each resource has a table, a Go package, its routes and their tests.
      resources:
        order:
          store: mysql
          fields:
            total:  { type: decimal, precision: 12, scale: 2, required: true }
            status: { type: enum, values: [pending, paid] }

      # Where the service runs: one overlay each.
      environments:
        dev:  {}
        prod: {}
      "
    `);
  });

  test.each([
    ['a name', ['--name', 'Orders'], /name/],
    ['a module path', ['--module', 'https://x'], /module/],
    ['a resource', ['--resource', 'order total:decimel'], /did you mean decimal\?/],
    ['an unknown API', ['--api', 'soap'], /soap/],
    ['the same resource twice', ['--resource', 'a b:bool', '--resource', 'a c:bool'], /twice|already/],
  ])('refuses %s that is wrong, exit 2', async (_, flags, message) => {
    const { code, err, files: disk } = await runCli([...fromFlags, ...flags]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
    expect(disk.list('/srv')).toEqual(['.keep']);
  });

  test('what the prompts give is what their command line gives', async () => {
    const terminal = fakeTerminal({ canAsk: true });
    const answers = ['orders', 'github.com/acme/orders', 'me', "it's", ['rest'], 'order total:int32', '', true];
    const asked = await runCli(['new', '--no-git'], { terminal, prompts: async () => scriptedPrompts(answers) });
    expect(asked.code).toBe(0);
    const line = /npx create-service (new orders .*)\n/.exec(asked.err)?.[1] ?? '';
    const repeated = await runCli(shellWords(line));
    expect(repeated.files.snapshot('/srv')).toEqual(asked.files.snapshot('/srv'));
  });
});

/** Splits a command line whose words are plain or in single quotes. */
function shellWords(line: string): readonly string[] {
  const words = line.match(/(?:[^\s'\\]|'[^']*'|\\.)+/g) ?? [];
  return words.map((word) => word.replace(/'([^']*)'|\\(.)/g, (_, quoted, escaped) => quoted ?? escaped));
}

describe('git', () => {
  /** A git that has an author or none, and remembers what it was asked. */
  function git(hasAuthor: boolean): { readonly run: Run; readonly calls: string[] } {
    const calls: string[] = [];
    const run: Run = async (_, args) => {
      calls.push(args.filter((arg) => !arg.startsWith('-')).join(' '));
      const fails = args.includes('commit') && !hasAuthor;
      return {
        code: fails || args.includes('config') ? 1 : 0,
        stdout: '',
        stderr: fails ? 'fatal: no email was given\n' : '',
      };
    };
    return { run, calls };
  }
  const withGit = fromManifest.filter((word) => word !== '--no-git');

  test('a repository with one commit is made', async () => {
    const { run, calls } = git(true);
    const { err } = await runCli(withGit, { files, run });
    expect(calls.map((call) => call.split(' ')[0])).toEqual([
      'init',
      'config',
      'symbolic-ref',
      'add',
      'user.useConfigOnly=true',
    ]);
    expect(err).toContain('Made a git repository and its first commit.');
  });

  test('without an author everything is staged, and the person is told; no author is invented', async () => {
    const { code, err } = await runCli(withGit, { files, run: git(false).run });
    expect(code).toBe(0);
    expect(err).toContain('no email was given');
    expect(err).toContain('Everything is staged');
  });

  test('without git the service is written all the same', async () => {
    const { code, err } = await runCli(withGit, { files });
    expect(code).toBe(0);
    expect(err).toContain('git is not installed');
  });

  test('inside a repository none is made', async () => {
    const { run, calls } = git(true);
    const { err } = await runCli(withGit, { files: { ...files, '/srv/.git/HEAD': '' }, run });
    expect(calls).toEqual([]);
    expect(err).toContain('Lies in the git repository /srv');
  });
});
