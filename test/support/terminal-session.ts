import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

/** A program on a pseudo-terminal. */
export interface TerminalSession {
  /** Waits until the pattern appears in what was shown since the last call. */
  readonly shows: (pattern: RegExp) => Promise<void>;
  readonly type: (text: string) => void;
  /** Waits for the end. */
  readonly ends: () => Promise<{ readonly code: number | null; readonly transcript: string }>;
}

/** Keys as a terminal sends them. */
export const keys = { enter: '\r', backspace: '\x7f', ctrlC: '\x03', space: ' ', tab: '\t' } as const;

/** Milliseconds to wait for a text; a loaded machine takes seconds to start Node. */
const patience = 20_000;

/**
 * Starts a program on a pseudo-terminal, which util-linux's `script` makes: a part of every Debian, and no package of
 * ours. Words are separated by spaces and must not need quoting.
 */
export function openTerminal(
  words: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): TerminalSession {
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', words.join(' '), '/dev/null'], {
    cwd,
    env,
  });
  let transcript = '';
  let read = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    transcript += stripVTControlCharacters(chunk.toString('utf8'));
  });
  return {
    shows: async (pattern) => {
      for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(20)) {
        const match = pattern.exec(transcript.slice(read));
        if (!match) continue;
        read += match.index + match[0].length;
        return;
      }
      child.kill('SIGKILL');
      throw new Error(`${pattern} did not appear in:\n${transcript.slice(read)}`);
    },
    type: (text) => void child.stdin.write(text),
    ends: async () => {
      if (child.exitCode === null) await once(child, 'close');
      return { code: child.exitCode, transcript };
    },
  };
}
