import type { RunResult } from './processes.js';

/**
 * Another process of this tool, which runs one command line after another: what was loaded for the first is there for the
 * next. When it dies, only the command line that it was running is lost.
 */
export interface Twin {
  /**
   * Runs a command line. One at a time. A twin that died, or took longer, has the code 128 + signal and is of no use any more.
   *
   * @param timeoutMs milliseconds after which it is killed, with everything that it started
   */
  run(argv: readonly string[], timeoutMs: number): Promise<RunResult>;
  /** Whether it still lives. */
  readonly isAlive: boolean;
  /** Ends it, unless it is dead already. */
  end(): void;
}
