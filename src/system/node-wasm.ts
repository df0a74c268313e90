import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { run } from './node-run.js';
import type { RunWasm } from './wasm.js';

/** Where the programs and host.js are, seen from this module. Set by the build, and by what runs from the sources. */
declare const CREATE_SERVICE_WASM: string;

/** What the host exits with when the program never ran; see wasm-host.ts. */
const neverRan = 69;

/**
 * Returns what runs this tool's programs, with the Node that runs the tool.
 *
 * @param folder holds host.js and the programs
 */
export function nodeWasm(folder: string = fileURLToPath(new URL(CREATE_SERVICE_WASM, import.meta.url))): RunWasm {
  return async (program, { input, timeoutMs }) => {
    const args = ['--no-warnings', join(folder, 'host.js'), join(folder, `${program}.wasm.br`)];
    // What a person asks of Node, a debugger or a preloaded module, is not for this process.
    const env = { NODE_OPTIONS: undefined };
    const result = await run(process.execPath, args, { cwd: folder, env, input, timeoutMs }).catch(
      (error: Error) => error,
    );
    if (result instanceof Error) return { unavailable: `Node could not be started (${firstLine(result.message)})` };
    if (result === 'not-found') return { unavailable: `there is no Node at ${process.execPath}` };
    if (result.code > 128) return { unavailable: `it was ended by signal ${result.code - 128}` };
    if (result.code === neverRan) return { unavailable: firstLine(result.stderr) };
    return result;
  };
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0] ?? '';
}
