import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import type { RunResult } from './processes.js';
import type { Twin } from './twin.js';

/** The script of a twin, seen from this module. Set by the build, and by what runs from the sources. */
declare const CREATE_SERVICE_TWIN: string;

/** How much of what a twin says when it dies is kept. */
const lastWords = 2_000;

/** Starts a twin, with the Node that runs the tool. */
export function nodeTwin(script: string = fileURLToPath(new URL(CREATE_SERVICE_TWIN, import.meta.url))): Twin {
  const isGroup = process.platform !== 'win32';
  const child = fork(script, [], {
    // What a person asks of Node, a debugger or a preloaded module, is not for this process.
    // A small nursery: collecting garbage often costs little, and each twin stays a third smaller.
    execArgv: ['--max-semi-space-size=8'],
    env: { ...process.env, NODE_OPTIONS: undefined },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C is for the process that the person started, which lets twins end what they began.
    detached: isGroup,
  });
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-lastWords);
  });
  let dead: RunResult | undefined;
  // One listener for all answers: racing each against the end would keep them all until then.
  let receive = (_: RunResult): void => {};
  child.on('message', (answer) => receive(answer as RunResult));
  const die = (result: RunResult) => {
    dead = result;
    receive(result);
  };
  child.once('error', ({ message }) => die({ code: 128, stdout: '', stderr: message }));
  child.once('close', (code, signal) => die({ code: codeOf(code, signal), stdout: '', stderr: words }));
  return {
    run: async (argv, timeoutMs) => {
      const timer = setTimeout(() => kill(child, isGroup), timeoutMs);
      try {
        return await new Promise<RunResult>((resolve) => {
          receive = resolve;
          if (dead) resolve(dead);
          // That it cannot be asked any more is said by its end.
          else child.send(argv, () => {});
        });
      } finally {
        clearTimeout(timer);
        receive = () => {};
      }
    },
    get isAlive() {
      return dead === undefined && child.connected;
    },
    end: () => {
      if (child.connected) child.disconnect();
    },
  };
}

function kill(child: ChildProcess, isGroup: boolean): void {
  if (child.pid === undefined) return;
  try {
    process.kill(isGroup ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

function codeOf(code: unknown, signal: unknown): number {
  return typeof code === 'number' ? code : 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
}
