import { resolve } from 'node:path';
import type { Input } from '../../command.js';
import { UserError } from '../../errors.js';
import type { System } from '../../system/system.js';

/** Prints the JSON Schema of the manifest, or writes it to the file of `--out` whole or not at all. */
export async function runSchema({ options }: Input, system: System): Promise<number> {
  const { jsonSchema } = await import('../../manifest/json-schema.js');
  const text = `${JSON.stringify(jsonSchema(), undefined, 2)}\n`;
  if (typeof options.out !== 'string') {
    system.terminal.out(text);
    return 0;
  }
  const path = resolve(system.cwd, options.out);
  if (system.files.status(path)?.kind === 'directory') throw new UserError(`--out: ${options.out} is a directory`);
  const unfinished = `${path}.${system.processes.self().pid}.tmp`;
  system.files.create(unfinished, text, 0o644);
  system.files.rename(unfinished, path);
  return 0;
}
