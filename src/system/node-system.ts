import process from 'node:process';
import { wantsColour } from './colour.js';
import { nodeFiles } from './node-files.js';
import { nodeProcesses } from './node-processes.js';
import type { System } from './system.js';
import { processTerminal } from './terminal.js';

/** Returns the system this program runs on. */
export function nodeSystem(): System {
  const terminal = processTerminal();
  return {
    cwd: process.cwd(),
    env: process.env,
    platform: process.platform,
    nodeVersion: process.versions.node,
    terminal,
    prompts: async () => {
      const { terminalPrompts } = await import('./prompt.js');
      return terminalPrompts(wantsColour(process.env, terminal.isTerminal.err));
    },
    files: nodeFiles(),
    processes: nodeProcesses(),
    run: async (command, args, options) => (await import('./node-run.js')).run(command, args, options),
    wasm: async (program, options) => {
      const { nodeWasm } = await import('./node-wasm.js');
      return nodeWasm()(program, options);
    },
    twin: async () => (await import('./node-twin.js')).nodeTwin(),
    get processors() {
      return process.getBuiltinModule('node:os').availableParallelism();
    },
    scratch: async (work) => (await import('./node-scratch.js')).scratch(work),
    now: Date.now,
  };
}
