import { resolve } from 'node:path';
import type { Input } from '../../command.js';
import { UserError } from '../../errors.js';
import type { System } from '../../system/system.js';
import { version } from '../../version.js';
import { fleet } from '../../workspace/fleet.js';
import { fleetReport, noReport } from '../../workspace/fleet-report.js';
import { inShard, type Member, membersOf, type Shard, servicesBelow } from '../../workspace/members.js';
import { numberFrom } from '../../workspace/numbers.js';
import { fleetOutput } from './fleet-output.js';

/**
 * Updates many services: those below the directories of `--all`, or those of the list `--repos`. Prints a line, or a JSON
 * entry, for each as soon as it is done.
 *
 * @returns 3 when one failed, else 1 when one has findings, else 0; 130 after Ctrl-C
 */
export async function runFleet(input: Input, system: System): Promise<number> {
  const { options } = input;
  const flags = Object.entries(handedOn).flatMap(([name, flag]) => (options[name] === true ? [flag] : []));
  const argv = ['update', ...flags];
  const isOnlyShown = options.check === true || options.dryRun === true;
  const listed = await membersFrom(input, system);
  if (!isOnlyShown && options.pr !== true) refuseClones(listed);
  const shard = typeof options.shard === 'string' ? inShard(listed, shardFrom(options.shard)) : listed;
  const question = { command: argv.join(' '), tool: version };
  const report =
    typeof options.report === 'string'
      ? fleetReport(resolve(system.cwd, options.report), question, system)
      : noReport();
  const left = shard.filter(({ name }) => !report.done.has(name));
  const jobs = typeof options.jobs === 'string' ? numberFrom('--jobs', options.jobs) : system.processors;
  const output = await fleetOutput(input.json, left.length, shard.length - left.length, system);
  const { interrupted } = system.terminal;
  interrupted.addEventListener('abort', output.stopping, { once: true });
  let worst = 0;
  await fleet(left, { argv, jobs, writes: !isOnlyShown }, system, (outcome, seconds) => {
    worst = Math.max(worst, outcome.exitCode > 1 ? 3 : outcome.exitCode);
    report.add({ ...outcome, ...question, seconds });
    output.add(outcome, seconds);
  });
  interrupted.removeEventListener('abort', output.stopping);
  const exitCode = interrupted.aborted ? 130 : worst;
  output.end(exitCode);
  return exitCode;
}

/** Options that are handed on to the update of each service. */
const handedOn = {
  check: '--check',
  dryRun: '--dry-run',
  pr: '--pr',
  contracts: '--contracts',
  allowDirty: '--allow-dirty',
} as const;

async function membersFrom({ options }: Input, system: System): Promise<readonly Member[]> {
  if (Array.isArray(options.all)) return servicesBelow(options.all as readonly string[], system.cwd, system.files);
  const file = String(options.repos);
  const path = resolve(system.cwd, file === '-' ? 'list' : file);
  const bytes = file === '-' ? await system.terminal.readInput() : system.files.read(path);
  if (bytes === undefined) throw new UserError(`--repos: there is no file ${file}`);
  const members = membersOf(Buffer.from(bytes).toString('utf8'), path);
  if (members.length === 0) throw new UserError(`--repos: ${file} names no repository`);
  return members;
}

/** What is written into a clone is gone with it. */
function refuseClones(members: readonly Member[]): void {
  const clones = members.filter(({ url }) => url !== undefined);
  if (clones.length === 0) return;
  const diagnostics = clones.slice(0, 5).map(({ name }) => ({
    file: name,
    line: 0,
    column: 0,
    message: 'it is cloned for the time of the update alone',
  }));
  throw new UserError('the list has URLs', { diagnostics, hint: 'give --pr, --check or --dry-run' });
}

function shardFrom(text: string): Shard {
  const [, index = '', of = ''] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index < 1 || shard.index > shard.of)
    throw new UserError(`--shard ${text}: write it as 1/4, 2/4, 3/4 or 4/4`);
  return shard;
}
