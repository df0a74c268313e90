import process from 'node:process';
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
  /** Fires when the person presses Ctrl-C, with an `Interruption` as its reason. A second Ctrl-C ends the process. */
  readonly interrupted: AbortSignal;
}

/** The streams of this process. */
export function processTerminal(): Terminal {
  ignoreClosedPipe(process.stdout);
  ignoreClosedPipe(process.stderr);
  const interrupted = interruptSignal();
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
    isTerminal: { out: process.stdout.isTTY === true, err: process.stderr.isTTY === true },
    readInput: () => readInput(interrupted),
    interrupted,
  };
}

function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new Interruption()));
  return controller.signal;
}

/** A reader that leaves early (`create-service list | head -1`) is no failure. */
function ignoreClosedPipe(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

async function readInput(interrupted: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  const stop = () => process.stdin.destroy(interrupted.reason);
  interrupted.addEventListener('abort', stop, { once: true });
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  interrupted.removeEventListener('abort', stop);
  return Buffer.concat(chunks);
}
