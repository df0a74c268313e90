import type { RunResult } from './processes.js';

/** The programs that this tool carries as WebAssembly, named after the folder of `scripts/` that holds their source. */
export type WasmProgram = 'protogen';

/** This machine or this Node cannot run WebAssembly, or not as long as it would take. */
export interface Unavailable {
  /** Why, as the rest of a sentence. */
  readonly unavailable: string;
}

/** How to run a program. */
export interface RunWasmOptions {
  /** Written to its standard input. */
  readonly input: string;
  /** Milliseconds after which it is killed. */
  readonly timeoutMs: number;
}

/** Runs a program in a process of its own. It sees its standard streams and nothing else of the machine. */
export type RunWasm = (program: WasmProgram, options: RunWasmOptions) => Promise<RunResult | Unavailable>;
