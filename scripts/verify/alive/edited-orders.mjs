import { commitAll } from '../../git.mjs';
import { editByHand, replace } from './hand-edits.mjs';
import { placeOrders } from './released.mjs';

/**
 * Makes orders in a directory as a team has it: the example, which has edits already, worked on further, and committed.
 *
 * @param manifest what else is replaced in service.yaml: from, to
 * @param release whose templates rendered it; by default those of today
 */
export async function editedOrders(directory, { manifest, release } = {}) {
  await placeOrders(directory, release);
  editByHand(directory);
  if (manifest) replace(directory, { file: 'service.yaml', ...manifest });
  commitAll(directory, 'Orders, as the team has it');
}
