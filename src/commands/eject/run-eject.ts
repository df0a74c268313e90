import { loadCatalog } from '../../catalog/load.js';
import type { Input } from '../../command.js';
import { UserError } from '../../errors.js';
import type { System } from '../../system/system.js';
import { ejectAll } from '../../update/eject-all.js';
import { finish } from '../../update/finish.js';
import { openService } from '../../update/open-service.js';
import { planEject } from '../../update/plan-eject.js';

/** Makes files of the service in the working directory, or all of it, the person's own. */
export async function runEject(input: Input, system: System): Promise<number> {
  const service = openService(system);
  const paths = input.operands.flatMap((path) => path ?? []);
  const isAll = input.options.all === true;
  if (isAll === paths.length > 0) throw new UserError('name the files to eject, or give --all');
  if (isAll) return ejectAll(service, input, system);
  return finish(planEject(service, paths, await loadCatalog(), system), input, system);
}
