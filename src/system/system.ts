import type { Files } from './files.js';
import type { Processes, Run } from './processes.js';
import type { Prompts } from './prompt.js';
import type { Terminal } from './terminal.js';
import type { Twin } from './twin.js';
import type { RunWasm } from './wasm.js';

/** Everything outside this program, as an argument: `nodeSystem()` is the real one, `memorySystem()` the one for tests. */
export interface System {
  /** Absolute path of the working directory. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As in `process.platform`: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** Without the `v`: `20.19.0`. */
  readonly nodeVersion: string;
  readonly terminal: Terminal;
  /** Loads the prompts; their library is heavy, so only on use. */
  readonly prompts: () => Promise<Prompts>;
  readonly files: Files;
  readonly processes: Processes;
  readonly run: Run;
  /** Runs what this tool carries as WebAssembly. */
  readonly wasm: RunWasm;
  /** Starts another process of this tool. */
  readonly twin: () => Promise<Twin>;
  /** How many processors may be used. */
  readonly processors: number;
  /** Lends a directory of its own, outside of every service, and deletes it when the work in it is done. */
  readonly scratch: <T>(work: (directory: string) => Promise<T>) => Promise<T>;
  /** Milliseconds since 1970, UTC. */
  readonly now: () => number;
}
