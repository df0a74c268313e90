import process from 'node:process';
import { nodeSystem } from './node-system.js';
import type { RunResult } from './processes.js';
import type { System } from './system.js';

/** Runs every command line that the process which forked this one sends, and answers. Ends when that one is gone. */
export function serveTwin(main: (argv: readonly string[], system: System) => Promise<number>): void {
  process.on('message', (argv: readonly string[]) => {
    void answer(argv, main).then((result) => process.send?.(result));
  });
  process.on('disconnect', () => process.exit());
}

async function answer(
  argv: readonly string[],
  main: (argv: readonly string[], system: System) => Promise<number>,
): Promise<RunResult> {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal = {
    out: (text: string) => void out.push(text),
    err: (text: string) => void err.push(text),
    canAsk: false,
    isTerminal: { out: false, err: false },
    readInput: async () => new Uint8Array(),
    interrupted: new AbortController().signal,
  };
  const code = await main(argv, { ...nodeSystem(), terminal });
  return { code, stdout: out.join(''), stderr: err.join('') };
}
