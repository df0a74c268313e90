import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BuiltTool, buildTool } from '../support/built-tool.js';

const manifest = readFileSync(new URL('../../examples/orders/service.yaml', import.meta.url), 'utf8');

/** What only a real process shows: streams, signals, git, the bundle. */
describe('the built tool', { timeout: 60_000 }, () => {
  let tool: BuiltTool;
  let directory: string;

  beforeAll(() => {
    tool = buildTool();
  }, 60_000);
  afterAll(() => tool.remove());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'process-'));
    writeFileSync(join(directory, 'service.yaml'), manifest);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** An environment in which git knows nobody, or Ada. */
  function environment(author: 'nobody' | 'Ada'): NodeJS.ProcessEnv {
    const config = join(directory, '.gitconfig');
    const known = author === 'Ada' ? '[user]\n  name = Ada\n  email = ada@example.com\n' : '';
    writeFileSync(config, known);
    return { PATH: process.env.PATH, HOME: directory, GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' };
  }

  function run(argv: readonly string[], { env = environment('nobody'), input = '' } = {}) {
    const options = { cwd: directory, env, input, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool.bin, ...argv], options);
    return { code: status, out: stdout, err: stderr };
  }

  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-C', join(directory, 'orders'), ...args], { encoding: 'utf8' }).trim();

  test('makes a repository whose first commit holds every file, as the configured author', () => {
    const { code, err } = run(['new', '--manifest', 'service.yaml', '--yes'], { env: environment('Ada') });
    expect({ code, err }).toMatchObject({ code: 0, err: expect.stringContaining('first commit') });
    expect(git('log', '--format=%an <%ae> %s')).toBe('Ada <ada@example.com> Add the service as generated');
    expect(git('branch', '--show-current')).toBe('main');
    expect(git('status', '--porcelain')).toBe('');
    expect(git('ls-files', 'Makefile', 'service.yaml', '.create-service/lock.yaml').split('\n')).toHaveLength(3);
  });

  test('stages everything and says so where git has no author', () => {
    const { code, err } = run(['new', '--manifest', 'service.yaml', '--yes']);
    expect(code).toBe(0);
    expect(err).toContain('Everything is staged: when git knows you, type git commit.');
    expect(git('diff', '--cached', '--name-only')).toContain('service.yaml');
  });

  test('leaves a surrounding hook of git alone', () => {
    const elsewhere = join(directory, 'elsewhere');
    execFileSync('git', ['init', '--quiet', elsewhere]);
    const env = { ...environment('Ada'), GIT_DIR: join(elsewhere, '.git'), GIT_INDEX_FILE: join(elsewhere, 'index') };
    expect(run(['new', '--manifest', 'service.yaml', '--yes'], { env }).code).toBe(0);
    expect(git('log', '--format=%s')).toBe('Add the service as generated');
    expect(readdirSync(elsewhere)).toEqual(['.git']);
  });

  test.skipIf(spawnSync('unshare', ['-rn', 'true']).status !== 0)(
    'updates in a clone of one commit without network and without Go',
    () => {
      run(['new', '--manifest', 'service.yaml', '--yes'], { env: environment('Ada') });
      const clone = join(directory, 'clone');
      execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${join(directory, 'orders')}`, clone]);
      const file = join(clone, 'internal/order/order.go');
      writeFileSync(file, readFileSync(file, 'utf8').replace('package order', 'package order\n\n// Edited.'));
      // A name space of its own has no network, not even loopback; on the path is nothing but Node and git.
      const git = execFileSync('bash', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
      const bare = join(directory, 'bin');
      mkdirSync(bare);
      symlinkSync(git, join(bare, 'git'));
      const inside = (...argv: readonly string[]) => {
        const command = ['-rn', 'env', '-i', `PATH=${bare}`, `HOME=${directory}`, process.execPath, tool.bin, ...argv];
        const { status, stderr } = spawnSync('unshare', command, { cwd: clone, encoding: 'utf8' });
        return { code: status, err: stderr };
      };
      expect(inside('update')).toEqual({ code: 0, err: '' });
      expect(inside('add', 'field', 'order', 'gift_note:string(200)', '--allow-dirty')).toEqual({ code: 0, err: '' });
      expect(inside('update', '--check')).toEqual({ code: 0, err: '' });
      expect(readFileSync(file, 'utf8')).toMatch(/\/\/ Edited\.[\s\S]*GiftNote/);
      expect(readdirSync(join(clone, 'migrations')).filter((name) => name.includes('gift_note'))).toHaveLength(1);
    },
  );

  test('gives the same bytes every time', () => {
    for (const name of ['one', 'two']) run(['new', name, '--manifest', 'service.yaml', '--yes', '--no-git']);
    const { status, stdout } = spawnSync('diff', ['-r', 'one', 'two'], { cwd: directory, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  });

  test('prints results on standard output and words on standard error', () => {
    const done = run(['new', '--manifest', '-', '--yes', '--no-git', '--json'], { input: manifest });
    expect(JSON.parse(done.out).receipt.directory).toBe(join(directory, 'orders'));
    expect(done.err).toContain('Next:');
    const refused = run(['new', '--manifest', 'service.yaml', '--yes']);
    expect(refused).toMatchObject({ code: 3, out: '', err: expect.stringContaining('is not empty') });
  });

  test('a reader that leaves early is no failure', () => {
    const line = `"$0" "$1" schema | head -c 1 >/dev/null; exit \${PIPESTATUS[0]}`;
    const { status, stderr } = spawnSync('bash', ['-c', line, process.execPath, tool.bin], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('Ctrl-C while the manifest is awaited ends with 130 and leaves nothing', async () => {
    const child = spawn(process.execPath, [tool.bin, 'new', '--manifest', '-', '--yes'], { cwd: directory });
    const said: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    // More than a pipe holds: once it is flushed, the tool is reading.
    await new Promise((resolve) => child.stdin.write('#'.repeat(512 * 1024), resolve));
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect({ code, said: said.join('') }).toEqual({ code: 130, said: 'Interrupted; nothing was written.\n' });
    expect(readdirSync(directory)).toEqual(['service.yaml']);
  });

  test('NO_COLOR wins over a terminal, FORCE_COLOR over a pipe', () => {
    const colour = '\u001b[';
    const env = environment('nobody');
    expect(run(['lsit'], { env }).err).not.toContain(colour);
    expect(run(['lsit'], { env: { ...env, FORCE_COLOR: '1' } }).err).toContain(colour);
    expect(run(['lsit'], { env: { ...env, FORCE_COLOR: '1', NO_COLOR: '1' } }).err).not.toContain(colour);
  });
});
