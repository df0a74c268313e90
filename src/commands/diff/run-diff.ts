import { loadCatalog } from '../../catalog/load.js';
import type { Input } from '../../command.js';
import { palette } from '../../system/colour.js';
import type { System } from '../../system/system.js';
import { openService } from '../../update/open-service.js';
import { planUpdate } from '../../update/plan-update.js';
import { briefly } from '../../update/report-json.js';
import { coloured, unifiedDiff } from '../../update/unified-diff.js';

/** Prints what an update would do as a unified diff. */
export async function runDiff({ json }: Input, system: System): Promise<number> {
  const service = openService(system);
  const { plan } = await planUpdate(service, service.manifest, await loadCatalog(), system);
  const diffs = plan.operations.map((operation) => unifiedDiff(operation, service.directory, system));
  if (json) {
    const files = briefly(plan).map((file, index) => ({ ...file, diff: diffs[index] }));
    system.terminal.out(`${JSON.stringify({ plan: files.filter(({ diff }) => diff !== '') }, undefined, 2)}\n`);
  } else {
    system.terminal.out(coloured(diffs.join(''), await palette(system, 'out')));
  }
  return 0;
}
