/** A process that cannot be mistaken for another, also after its number was given to a newer one. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it started, in a form that only compares; empty where the platform does not tell. */
  readonly start: string;
}

/** The running processes of this machine. */
export interface Processes {
  /** This process. */
  self(): ProcessIdentity;
  /** Tells whether the process still runs. Only for processes of this host. */
  isAlive(process: ProcessIdentity): boolean;
}

/** How to start a child process. */
export interface RunOptions {
  readonly cwd: string;
  /** Added to the environment of this process; undefined takes a variable out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to its standard input, which is empty otherwise. */
  readonly input?: string;
  /** Milliseconds after which it is killed; absent: never. */
  readonly timeoutMs?: number;
  /** Ends it, with SIGTERM. */
  readonly signal?: AbortSignal;
}

/** How a child process ended. A process that was killed has the code 128 + its signal, as in a shell. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program without a shell; `not-found` when there is no such program. */
export type Run = (command: string, args: readonly string[], options: RunOptions) => Promise<RunResult | 'not-found'>;
