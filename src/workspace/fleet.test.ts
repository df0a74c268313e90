import { expect, it } from 'vitest';
import { memoryFiles } from '../system/memory-files.js';
import { memorySystem } from '../system/memory-system.js';
import type { RunResult } from '../system/processes.js';
import type { System } from '../system/system.js';
import type { Terminal } from '../system/terminal.js';
import { fleet } from './fleet.js';
import type { Member } from './members.js';
import type { Outcome } from './outcome.js';

const fine: RunResult = { code: 0, stdout: '{"plan":[{"verdict":"update"},{"verdict":"unchanged"}]}', stderr: '' };
const member = (name: string): Member => ({ name, directory: `/srv/${name}`, folder: '' });

interface Twins {
  readonly system: System;
  /** How many twins were started. */
  readonly started: () => number;
  readonly abort: () => void;
}

/** A system whose twins answer what `answer` says about a directory, a moment later. */
function twins(answer: (directory: string) => RunResult | 'dies', files = memoryFiles()): Twins {
  let started = 0;
  const controller = new AbortController();
  const twin = async () => {
    started++;
    let isAlive = true;
    return {
      run: async (argv: readonly string[]) => {
        await Promise.resolve();
        const result = answer(argv.at(-1) ?? '');
        if (result !== 'dies') return result;
        isAlive = false;
        return { code: 137, stdout: '', stderr: 'out of memory' };
      },
      get isAlive() {
        return isAlive;
      },
      end: () => {},
    };
  };
  const terminal = { interrupted: controller.signal } as Terminal;
  return { system: memorySystem({ twin, terminal, files }), started: () => started, abort: () => controller.abort() };
}

async function run(system: System, members: readonly Member[], { jobs = 1, writes = false } = {}) {
  const outcomes: Outcome[] = [];
  await fleet(members, { argv: ['update'], jobs, writes }, system, (outcome) => void outcomes.push(outcome));
  return outcomes;
}

it('does every member once, in as many twins as there are jobs', async () => {
  const { system, started } = twins(() => fine);
  const names = Array.from({ length: 20 }, (_, index) => `s${index}`);
  const outcomes = await run(system, names.map(member), { jobs: 3 });
  expect(outcomes.map(({ repository }) => repository).sort()).toEqual([...names].sort());
  expect(outcomes[0]).toMatchObject({ state: 'changed', exitCode: 0, verdicts: { update: 1, unchanged: 1 } });
  expect(started()).toBe(3);
});

it('takes a new twin after 500 services, so that none grows', async () => {
  const { system, started } = twins(() => fine);
  await run(
    system,
    Array.from({ length: 1_001 }, (_, index) => member(`s${index}`)),
  );
  expect(started()).toBe(3);
});

it('goes on with a new twin after one died, and says what it died of', async () => {
  const { system, started } = twins((directory) => (directory === '/srv/bad' ? 'dies' : fine));
  const outcomes = await run(system, ['a', 'bad', 'b'].map(member));
  expect(outcomes.map(({ state }) => state)).toEqual(['changed', 'failed', 'changed']);
  expect(outcomes[1]?.error).toBe('it was ended by signal 9 (out of memory)');
  expect(started()).toBe(2);
});

it('ends when its outcome cannot be told, such as on a full disk', async () => {
  const { system } = twins(() => fine);
  let told = 0;
  const full = () => {
    told++;
    throw new Error('ENOSPC');
  };
  const members = Array.from({ length: 50 }, (_, index) => member(`s${index}`));
  await expect(fleet(members, { argv: ['update'], jobs: 2, writes: false }, system, full)).rejects.toThrow('ENOSPC');
  expect(told).toBeLessThanOrEqual(2);
});

it('finishes what was begun after Ctrl-C and begins nothing else', async () => {
  const { system, abort } = twins((directory) => {
    if (directory === '/srv/b') abort();
    return fine;
  });
  const outcomes = await run(system, ['a', 'b', 'c', 'd'].map(member));
  expect(outcomes.map(({ repository }) => repository)).toEqual(['a', 'b']);
});

it.each([
  [true, 1],
  [false, 3],
])('lets services of one repository wait for each other only when it writes (%s)', async (writes, most) => {
  const files = memoryFiles({ '/srv/.git/HEAD': '', '/srv/a/x': '', '/srv/b/x': '', '/srv/c/x': '' });
  let [running, highest] = [0, 0];
  const { system } = twins(() => fine, files);
  const slow = async () => {
    const twin = await twins(() => fine).system.twin();
    return {
      ...twin,
      run: async (argv: readonly string[], timeoutMs: number) => {
        highest = Math.max(highest, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
        return twin.run(argv, timeoutMs);
      },
    };
  };
  await run({ ...system, twin: slow }, ['a', 'b', 'c'].map(member), { jobs: 3, writes });
  expect(highest).toBe(most);
});

it('clones without asking anybody, works in the folder, and says why a clone failed without its password', async () => {
  const { system } = twins((directory) => ({
    ...fine,
    stdout: JSON.stringify({ plan: [], drift: [directory] }),
    code: 1,
  }));
  const calls: string[] = [];
  const cloning: System = {
    ...system,
    scratch: (work) => work('/tmp/x'),
    run: async (command, args, { env }) => {
      calls.push(`${env?.GIT_TERMINAL_PROMPT} ${command} ${args.join(' ')}`);
      const stderr = "Cloning…\nfatal: unable to access 'https://me:pw@h/bad/': no such host\n";
      return args.includes('https://me:pw@h/bad')
        ? { code: 128, stdout: '', stderr }
        : { code: 0, stdout: '', stderr: '' };
    },
  };
  const outcomes = await run(cloning, [
    { name: 'good', url: 'https://h/good', folder: 'services/a' },
    { name: 'bad', url: 'https://me:pw@h/bad', folder: '' },
  ]);
  expect(calls[0]).toBe('0 git clone --quiet --depth 1 -- https://h/good /tmp/x/clone');
  expect(outcomes).toMatchObject([
    { repository: 'good', state: 'drift', drift: ['/tmp/x/clone/services/a'] },
    {
      repository: 'bad',
      state: 'failed',
      exitCode: 3,
      error: "cannot clone: fatal: unable to access 'https://h/bad/': no such host",
    },
  ]);
});
