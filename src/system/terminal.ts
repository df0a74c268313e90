import { fstatSync, writeSync } from 'node:fs';
import { Interruption } from './interruption.js';

/** The three standard streams. Results go to `out`, words for people to `err`. */
export interface Terminal {
  /** Writes to standard output, exactly the text. */
  readonly out: (text: string) => void;
  /** Writes to standard error, exactly the text. */
  readonly err: (text: string) => void;
  /** Whether a person can be asked: standard input and standard error are both terminals. */
  readonly canAsk: boolean;
  /** Whether the streams show colour when nobody says otherwise. */
  readonly isTerminal: { readonly out: boolean; readonly err: boolean };
  /** Reads standard input to its end. */
  readonly readInput: () => Promise<Uint8Array>;
  /**
   * Fires when the person presses Ctrl-C, with an `Interruption` as its reason. Until it is first read, Ctrl-C ends the
   * process, and so does a second one.
   */
  readonly interrupted: AbortSignal;
}

/** The streams of this process. What only some commands need is loaded when it is asked for: `--help` starts sooner. */
export function processTerminal(): Terminal {
  let interrupted: AbortSignal | undefined;
  const terminal: Terminal = {
    out: writer(1, () => process.stdout),
    err: writer(2, () => process.stderr),
    get canAsk() {
      return isTerminal(0) && isTerminal(2);
    },
    isTerminal: {
      get out() {
        return isTerminal(1);
      },
      get err() {
        return isTerminal(2);
      },
    },
    readInput: () => readInput(terminal.interrupted),
    get interrupted() {
      interrupted ??= interruptSignal();
      return interrupted;
    },
  };
  return terminal;
}

function isTerminal(descriptor: number): boolean {
  // What is no device is no terminal: Node's module for terminals takes longer to load than most commands to run.
  if (!isDevice(descriptor)) return false;
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

function isDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
}

/**
 * Returns a function that writes at once, so that nothing is lost however the process ends. A reader that leaves early
 * (`create-service list | head -1`) is no failure.
 */
function writer(descriptor: number, open: () => NodeJS.WriteStream): (text: string) => void {
  let stream: NodeJS.WriteStream | undefined;
  return (text) => {
    let rest = Buffer.from(text);
    try {
      while (!stream && rest.length > 0) rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      // Whoever shares the pipe made it non-blocking: from now on the stream waits for the reader.
      stream = open().on('error', ignoreClosedPipe);
    }
    stream?.write(rest);
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new Interruption()));
  return controller.signal;
}

async function readInput(interrupted: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  const stop = () => process.stdin.destroy(interrupted.reason);
  interrupted.addEventListener('abort', stop, { once: true });
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  interrupted.removeEventListener('abort', stop);
  return Buffer.concat(chunks);
}
