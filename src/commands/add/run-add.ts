import type { Input } from '../../command.js';
import type { System } from '../../system/system.js';
import { editService } from '../../update/edit-service.js';

/** Adds something to the manifest of the service in the working directory, and updates it. */
export async function runAdd(input: Input, system: System): Promise<number> {
  return editService('add', input, system);
}
