import { loadCatalog } from '../../catalog/load.js';
import type { Input } from '../../command.js';
import { UserError } from '../../errors.js';
import type { System } from '../../system/system.js';
import { finish } from '../../update/finish.js';
import { openService } from '../../update/open-service.js';
import { planUpdate } from '../../update/plan-update.js';

/** Brings the service in the working directory to its manifest, or shows what that would write. */
export async function runUpdate(input: Input, system: System): Promise<number> {
  if (input.options.all !== undefined || input.options.repos !== undefined) {
    const { runFleet } = await import('./run-fleet.js');
    return runFleet(input, system);
  }
  refuseAlone(input);
  const list = (name: string) => (Array.isArray(input.options[name]) ? (input.options[name] as readonly string[]) : []);
  const options = {
    restore: list('restore'),
    settle: list('settle'),
    renumber: list('renumber'),
    contracts: input.options.contracts === true,
  };
  if (input.options.pr === true) {
    const { runPullRequest } = await import('./run-pull-request.js');
    return runPullRequest(input, options, system);
  }
  const service = openService(system, { clashesAllowed: options.renumber.length > 0 });
  const update = await planUpdate(service, service.manifest, await loadCatalog(), system, options);
  return finish(update, input, system);
}

/** One service has no use for what divides the work on many. */
function refuseAlone({ options }: Input): void {
  const needless = ['jobs', 'shard', 'report'].find((name) => options[name] !== undefined);
  if (needless) throw new UserError(`--${needless} is for many services: give --all or --repos too`);
}
