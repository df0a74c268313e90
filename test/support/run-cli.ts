import { main } from '../../src/main.js';
import { type MemoryFiles, memoryFiles } from '../../src/system/memory-files.js';
import { type MemorySystem, memorySystem } from '../../src/system/memory-system.js';
import { nodeWasm } from '../../src/system/node-wasm.js';
import type { Twin } from '../../src/system/twin.js';
import { type FakeTerminal, fakeTerminal } from './fake-terminal.js';

/** How a command line ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly files: MemoryFiles;
}

/**
 * What surrounds a command line; by default a directory `/srv` with one hidden file, no terminal and no programs but those
 * that the tool carries.
 */
export interface Surroundings extends Partial<Omit<MemorySystem, 'terminal' | 'files'>> {
  readonly files?: Readonly<Record<string, string>>;
  /** The disk as another command left it, instead of `files`. */
  readonly disk?: MemoryFiles;
  readonly terminal?: FakeTerminal;
}

/** Runs a command line in memory. */
export async function runCli(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { files: initial = {}, disk, terminal = fakeTerminal(), ...parts } = surroundings;
  const files = disk ?? memoryFiles({ '/srv/.keep': '', ...initial });
  const system: MemorySystem = memorySystem({
    run: async () => 'not-found',
    wasm: nodeWasm(),
    twin: async () => twinIn(system),
    ...parts,
    terminal,
    files,
  });
  const code = await main(argv, system);
  return { code, out: terminal.written(), err: terminal.said(), files };
}

/** A second process of the tool, on the same disk: here in this one. */
function twinIn(system: MemorySystem): Twin {
  return {
    run: async (argv) => {
      const terminal = fakeTerminal();
      const code = await main(argv, { ...system, terminal });
      return { code, stdout: terminal.written(), stderr: terminal.said() };
    },
    isAlive: true,
    end: () => {},
  };
}
