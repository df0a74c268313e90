import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { memorySystem } from './memory-system.js';
import { nodeProcesses } from './node-processes.js';
import { run } from './node-run.js';

const node = (script: string, options = {}) =>
  run(process.execPath, ['-e', script], { cwd: process.cwd(), ...options });

describe('the system for tests', () => {
  it('names whatever the code under test used and the test did not hand in', () => {
    const system = memorySystem();
    expect(() => system.run('git', ['init'], { cwd: '/' })).toThrow('system.run: git init');
    expect(() => system.prompts()).toThrow('system.prompts');
    expect(() => system.terminal.out('x')).toThrow('system.terminal.out');
  });
});

describe('run', () => {
  it('returns what the program printed, with its input, and how it ended', async () => {
    const script = 'process.stdin.pipe(process.stdout); console.error("err"); process.exitCode = 3';
    expect(await node(script, { input: 'text\n' })).toEqual({ code: 3, stdout: 'text\n', stderr: 'err\n' });
  });

  it('adds to the environment and takes out of it', async () => {
    process.env.RUN_TEST = 'inherited';
    const script = 'console.log(process.env.RUN_TEST, process.env.RUN_TEST_2)';
    const env = { RUN_TEST: undefined, RUN_TEST_2: 'added' };
    expect(await node(script, { env })).toMatchObject({ stdout: 'undefined added\n' });
  });

  it('says when there is no such program', async () => {
    expect(await run('no-such-program-here', [], { cwd: process.cwd() })).toBe('not-found');
  });

  it('ends a program that takes too long, or is wanted no longer', async () => {
    const forever = 'setInterval(() => {}, 1000)';
    expect(await node(forever, { timeoutMs: 200 })).toMatchObject({ code: 137 });
    expect(await node(forever, { signal: AbortSignal.timeout(200) })).toMatchObject({ code: 143 });
  });
});

describe('the processes of this machine', () => {
  it('live until they end, and are not those that get their number later', async () => {
    const processes = nodeProcesses();
    const self = processes.self();
    expect(self).toMatchObject({ pid: process.pid });
    expect(processes.isAlive(self)).toBe(true);
    expect(processes.isAlive({ ...self, start: `${self.start}0` })).toBe(false);
    const child = spawn(process.execPath, ['-e', '']);
    const pid = child.pid ?? 0;
    await once(child, 'close');
    expect(processes.isAlive({ ...self, pid })).toBe(false);
  });
});
