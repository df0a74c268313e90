import { undo } from '../../apply/apply.js';
import type { Input } from '../../command.js';
import type { System } from '../../system/system.js';
import { forgetStages } from '../../update/index-stages.js';
import { recoverAloud } from '../../update/open-service.js';

/** Takes the last run in the working directory back. */
export async function runUndo({ json }: Input, system: System): Promise<number> {
  recoverAloud(system.cwd, system);
  const receipt = undo(system.cwd, system);
  const { created, updated, removed } = receipt;
  await forgetStages([...created, ...updated, ...removed], system.cwd, system);
  if (json) system.terminal.out(`${JSON.stringify({ receipt }, undefined, 2)}\n`);
  else {
    const lines = [
      ...created.map((path) => `create   ${path}`),
      ...updated.map((path) => `update   ${path}`),
      ...removed.map((path) => `removed  ${path}`),
    ];
    system.terminal.out(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  }
  system.terminal.err('The last run is taken back.\n');
  return 0;
}
