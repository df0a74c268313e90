import { resolve } from 'node:path';
import type { Input } from '../../command.js';
import { UserError } from '../../errors.js';
import type { System } from '../../system/system.js';
import { version } from '../../version.js';
import { github } from '../../workspace/engines/github.js';
import { kubernetes } from '../../workspace/engines/kubernetes.js';
import { membersOf } from '../../workspace/members.js';
import { numberFrom } from '../../workspace/numbers.js';

const engines = { github, kubernetes };

/** Services in a part, unless the person says how many parts there are. */
const usualPart = 100;

/** Prints what an engine is given to keep the services of a list current. */
export async function runFleet({ operands, options, json }: Input, system: System): Promise<number> {
  const engine = engines[operands[0] as keyof typeof engines];
  if (typeof options.repos !== 'string') throw new UserError('give the list of repositories: --repos FILE');
  const path = resolve(system.cwd, options.repos);
  const bytes = system.files.read(path);
  if (bytes === undefined) throw new UserError(`--repos: there is no file ${options.repos}`);
  const list = Buffer.from(bytes).toString('utf8');
  const members = membersOf(list, path);
  if (members.length === 0) throw new UserError(`--repos: ${options.repos} names no repository`);
  const usual = Math.min(engine.mostShards, Math.ceil(members.length / usualPart));
  const shards = typeof options.shards === 'string' ? numberFrom('--shards', options.shards, engine.mostShards) : usual;
  const jobs = typeof options.jobs === 'string' ? numberFrom('--jobs', options.jobs) : 2;
  const text = engine.text({ list, file: options.repos, members, shards, jobs, version });
  system.terminal.out(json ? `${JSON.stringify({ engine: operands[0], shards, jobs, text }, undefined, 2)}\n` : text);
  return 0;
}
