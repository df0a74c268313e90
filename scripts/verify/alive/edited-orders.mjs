import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { commitAll } from '../../git.mjs';
import { root } from '../../setup.mjs';
import { editByHand, replace } from './hand-edits.mjs';

/**
 * Makes orders in a directory as a team has it: the example, which has edits already, worked on further, and committed.
 *
 * @param manifest what else is replaced in service.yaml: from, to
 */
export function editedOrders(directory, manifest) {
  rmSync(directory, { recursive: true, force: true });
  cpSync(path.join(root, 'examples/orders'), directory, { recursive: true });
  editByHand(directory);
  if (manifest) replace(directory, { file: 'service.yaml', ...manifest });
  commitAll(directory, 'Orders, as the team has it');
}
