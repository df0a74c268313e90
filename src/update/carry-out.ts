import { apply } from '../apply/apply.js';
import type { Receipt } from '../apply/receipt.js';
import type { System } from '../system/system.js';
import { markResolved, writeStages } from './index-stages.js';
import type { Intent } from './plan-update.js';
import { refuseDirty } from './refuse-dirty.js';

/**
 * Carries an update out: all of it or nothing. A conflict is written with markers where both texts are there; where not, the
 * file stays as it is.
 *
 * @throws UserError with code 3, with the old tree in place
 */
export async function carryOut(update: Intent, allowDirty: boolean, system: System): Promise<Receipt> {
  const { plan, facts, service } = update;
  if (!allowDirty) await refuseDirty(update, system);
  const receipt = apply(plan, facts, service.directory, system);
  const conflicts = plan.operations.filter(({ verdict }) => verdict === 'conflict');
  const open = new Set(facts.conflicts);
  const resolved = (service.lock.conflicts ?? []).filter((path) => !open.has(path));
  await markResolved(resolved, service.directory, system);
  await writeStages(conflicts, service.directory, system);
  return receipt;
}
