import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The tool as it is published, built from the sources as they are now. */
export interface BuiltTool {
  /** Path of a script that Node runs, like `bin/create-service.js`. */
  readonly bin: string;
  readonly remove: () => void;
}

/** Builds the tool into a directory of its own, so that tests neither need nor disturb `dist/`. */
export function buildTool(): BuiltTool {
  const root = resolve(import.meta.dirname, '../..');
  const directory = mkdtempSync(join(root, '.cache', 'journey-'));
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), join(directory, 'dist')], { cwd: root });
  const bin = join(directory, 'create-service.mjs');
  writeFileSync(bin, "import { main } from './dist/main.js';\nprocess.exitCode = await main(process.argv.slice(2));\n");
  cpSync(join(root, 'bin'), join(directory, 'bin'), { recursive: true });
  return { bin, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
