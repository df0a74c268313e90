import { dirname, join } from 'node:path';
import type { Files } from '../system/files.js';
import type { RunResult } from '../system/processes.js';
import type { System } from '../system/system.js';
import type { Twin } from '../system/twin.js';
import { withoutCredentials } from '../text/credentials.js';
import type { Member } from './members.js';
import { type Outcome, outcomeOf } from './outcome.js';

/** What is done to each service. */
export interface FleetWork {
  /** The command line for one service, without its directory. */
  readonly argv: readonly string[];
  /** How many are worked on at once. */
  readonly jobs: number;
  /** Whether services of one repository must wait for each other, because git lets only one write its index. */
  readonly writes: boolean;
}

/** Milliseconds that one service may take, and that its clone may. */
const [patience, patienceOfClone] = [900_000, 600_000];

/**
 * Runs a command line on many services, in several processes that go from service to service. Whatever happens to one, the
 * others are done. After Ctrl-C what was begun is finished and nothing else is begun.
 *
 * @param each is told each outcome as it comes, with the seconds it took; nothing is kept here. What it throws ends the run
 */
export async function fleet(
  members: readonly Member[],
  wanted: FleetWork,
  system: System,
  each: (outcome: Outcome, seconds: number) => void,
): Promise<void> {
  const { interrupted } = system.terminal;
  const queue = members.values();
  const lanes = new Map<string, Promise<unknown>>();
  let isBroken = false;
  const goThrough = async (helper: Helper) => {
    for (const member of queue) {
      if (interrupted.aborted || isBroken) return;
      const start = system.now();
      const work = () => done(member, wanted, helper, system);
      const outcome = await inTurn(laneOf(member, wanted, system.files), lanes, work);
      if (outcome) each(outcome, (system.now() - start) / 1_000);
    }
  };
  const job = async () => {
    const helper = helperOf(system);
    try {
      await goThrough(helper);
    } catch (error) {
      isBroken = true;
      throw error;
    } finally {
      helper.end();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(wanted.jobs, members.length) }, job));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** So many services a twin does: whatever stays in its memory, it does not grow with their number. */
const mostOfTwin = 500;

/** A twin that is started when it is needed, and again after it died or did its part. */
interface Helper {
  run(argv: readonly string[]): Promise<RunResult>;
  end(): void;
}

function helperOf(system: System): Helper {
  let twin: Twin | undefined;
  let left = 0;
  return {
    run: async (argv) => {
      if (left === 0 || !twin?.isAlive) {
        twin?.end();
        twin = await system.twin();
        left = mostOfTwin;
      }
      left--;
      return twin.run(argv, patience);
    },
    end: () => twin?.end(),
  };
}

/** Does one service; undefined when Ctrl-C came in between. */
async function done(
  { name, directory, url, folder }: Member,
  { argv }: FleetWork,
  helper: Helper,
  system: System,
): Promise<Outcome | undefined> {
  const { interrupted } = system.terminal;
  const update = async (place: string) => outcomeOf(name, await helper.run([...argv, '--json', '--cwd', place]));
  try {
    if (directory !== undefined) return await update(directory);
    return await system.scratch(async (scratch) => {
      const clone = join(scratch, 'clone');
      const error = await problemOfClone(url ?? '', clone, system);
      if (interrupted.aborted) return undefined;
      return error === undefined
        ? update(join(clone, folder))
        : { repository: name, state: 'failed', exitCode: 3, error };
    });
  } catch (error) {
    return { repository: name, state: 'failed', exitCode: 3, error: (error as Error).message };
  }
}

/** Clones the last commit of the default branch; returns what went wrong. */
async function problemOfClone(url: string, clone: string, system: System): Promise<string | undefined> {
  const args = ['clone', '--quiet', '--depth', '1', '--', url, clone];
  // Nobody is there to be asked for a password.
  const env = { GIT_TERMINAL_PROMPT: '0' };
  const result = await system.run('git', args, { cwd: system.cwd, env, timeoutMs: patienceOfClone });
  if (result === 'not-found') return 'git is not installed';
  if (result.code === 0) return undefined;
  const reason = withoutCredentials(result.stderr)
    .trim()
    .split('\n')
    .find((line) => line.startsWith('fatal:'));
  return `cannot clone: ${reason ?? `git ended with ${result.code}`}`;
}

/** Services that write into one repository go one after another. */
function laneOf({ directory }: Member, { writes }: FleetWork, files: Files): string | undefined {
  if (directory === undefined || !writes) return undefined;
  for (let place = directory; dirname(place) !== place; place = dirname(place)) {
    if (files.status(join(place, '.git'))) return place;
  }
  return undefined;
}

async function inTurn<T>(
  lane: string | undefined,
  lanes: Map<string, Promise<unknown>>,
  work: () => Promise<T>,
): Promise<T> {
  if (lane === undefined) return work();
  const turn = (lanes.get(lane) ?? Promise.resolve()).then(work);
  lanes.set(lane, turn);
  try {
    return await turn;
  } finally {
    // The last one clears up: what is kept does not grow with the number of repositories.
    if (lanes.get(lane) === turn) lanes.delete(lane);
  }
}
