import type { Input } from '../../command.js';
import type { System } from '../../system/system.js';
import { editService } from '../../update/edit-service.js';

/** Takes something out of the manifest of the service in the working directory, and updates it. */
export async function runRemove(input: Input, system: System): Promise<number> {
  return editService('remove', input, system);
}
