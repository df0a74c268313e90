import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltTool, buildTool } from '../support/built-tool.js';

const manifest = `apiVersion: create-service/v1
name: orders
module: github.com/acme/orders
owner: me
`;

/** What only real processes show: twins that are killed, Ctrl-C, repositories that are cloned and pushed to. */
describe('a fleet of the built tool', { timeout: 60_000 }, () => {
  let tool: BuiltTool;
  let root: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(() => {
    tool = buildTool();
    root = mkdtempSync(join(tmpdir(), 'fleet-'));
    writeFileSync(
      join(root, '.gitconfig'),
      '[user]\n  name = Ada\n  email = ada@example.com\n[init]\n  defaultBranch = main\n',
    );
    mkdirSync(join(root, 'bin'));
    env = { PATH: `${join(root, 'bin')}:${process.env.PATH}`, HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
    writeFileSync(join(root, 'service.yaml'), manifest);
    expect(run(['new', 'first', '--manifest', 'service.yaml', '--yes', '--no-git']).code).toBe(0);
  }, 60_000);
  afterAll(() => {
    tool.remove();
    rmSync(root, { recursive: true, force: true });
  });

  function run(argv: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [tool.bin, ...argv], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  }

  const git = (cwd: string, ...args: readonly string[]) => execFileSync('git', args, { cwd, env, encoding: 'utf8' });

  /** Makes copies of the first service in a directory of their own. */
  function services(folder: string, count: number): readonly string[] {
    const names = Array.from({ length: count }, (_, index) => `s${String(index).padStart(3, '0')}`);
    for (const name of names) cpSync(join(root, 'first'), join(root, folder, name), { recursive: true });
    return names.map((name) => join(root, folder, name));
  }

  /** Puts a program in front of git, for directories whose path has the word `trap` in it. */
  function trap(script: string): () => void {
    const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
    const file = join(root, 'bin/git');
    writeFileSync(file, `#!/bin/sh\ncase "$PWD" in *trap*) ${script};; esac\nexec ${real} "$@"\n`);
    chmodSync(file, 0o755);
    return () => rmSync(file);
  }

  /** A changed manifest, so that git is asked what was published. */
  function change(directory: string): void {
    writeFileSync(join(directory, 'service.yaml'), `${manifest}tier: critical\n`);
  }

  test('one process after another killed is one service after another failed, and no more', () => {
    const places = services('killed', 6);
    const traps = [0, 3].map((index) => join(root, 'killed', `trap-${index}`));
    for (const [index, place] of traps.entries()) cpSync(places[index] ?? '', place, { recursive: true });
    for (const place of [...places, ...traps]) change(place);
    const free = trap('kill -9 $PPID');
    const first = run(['update', '--all', 'killed', '--jobs', '2', '--report', 'killed.jsonl']);
    free();
    expect({ code: first.code, err: first.err }).toEqual({ code: 3, err: '8 done: 6 changed, 2 failed.\n' });
    expect(first.out).toMatch(/failed {5}killed\/trap-0 {2}it was ended by signal 9/);
    const second = run(['update', '--all', 'killed', '--jobs', '2', '--report', 'killed.jsonl']);
    expect({ code: second.code, err: second.err }).toEqual({
      code: 0,
      err: expect.stringContaining('2 done: 2 changed.\n6 were done before'),
    });
  });

  test('Ctrl-C finishes what was begun, leaves no process, and the same command goes on', async () => {
    const places = services('interrupted', 5);
    const slow = join(root, 'interrupted', 's000-trap');
    cpSync(places[0] ?? '', slow, { recursive: true });
    for (const place of [...places, slow]) change(place);
    const reached = join(root, 'reached');
    const free = trap(`touch ${reached}; sleep 1`);
    const argv = ['update', '--all', 'interrupted', '--jobs', '1', '--report', 'interrupted.jsonl'];
    // As a terminal does it: the signal goes to the whole group.
    const child = spawn(process.execPath, [tool.bin, ...argv], { cwd: root, env, detached: true });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    while (!existsSync(reached)) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(-(child.pid ?? 0), 'SIGINT');
    const [code] = await once(child, 'close');
    free();
    expect({ code, said }).toEqual({
      code: 130,
      said: 'Finishing what was begun; Ctrl-C again ends at once.\n2 done: 2 changed.\nInterrupted; 4 are left. With --report the same command goes on there.\n',
    });
    expect(readFileSync(join(slow, '.create-service/lock.yaml'), 'utf8')).toContain('tier: critical');
    expect(run(argv).err).toContain('4 done: 4 changed.\n2 were done before');
  });

  test('clones, pushes a branch to each repository, and leaves nothing behind', () => {
    const [bare, list] = [join(root, 'bare'), join(root, 'list')];
    const urls = services('pushed', 3).map((place, index) => {
      if (index > 0) change(place);
      for (const args of [
        ['init', '--quiet'],
        ['add', '--all'],
        ['commit', '--quiet', '--message', 'x'],
      ])
        git(place, ...args);
      git(root, 'clone', '--quiet', '--bare', place, join(bare, `${index}.git`));
      return `file://${join(bare, `${index}.git`)}`;
    });
    writeFileSync(list, `# all of them\n${urls.join('\n')}\nfile://${bare}/none.git\n`);
    const temporary = join(root, 'tmp');
    mkdirSync(temporary);
    env = { ...env, TMPDIR: temporary };
    const { code, out } = run(['update', '--repos', 'list', '--pr', '--json', '--jobs', '2']);
    const { repositories } = JSON.parse(out) as { repositories: { repository: string; state: string }[] };
    const states = Object.fromEntries(repositories.map(({ repository, state }) => [repository.slice(-5), state]));
    expect({ code, states }).toEqual({
      code: 3,
      states: { '0.git': 'unchanged', '1.git': 'pushed', '2.git': 'pushed', 'e.git': 'failed' },
    });
    expect(git(join(bare, '1.git'), 'log', '--format=%s', 'main..create-service/update')).toBe(
      'Bring orders to its manifest\n',
    );
    expect(git(join(bare, '0.git'), 'branch', '--list')).toBe('* main\n');
    expect(readdirSync(temporary)).toEqual([]);
  });
});
