import { constants } from 'node:os';
import { execa } from 'execa';
import type { RunOptions, RunResult } from './processes.js';

/** Runs a program through execa; the contract is `Run`. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = {}, input = '', timeoutMs, signal }: RunOptions,
): Promise<RunResult | 'not-found'> {
  const result = await execa(command, args, {
    cwd,
    env,
    input,
    reject: false,
    stripFinalNewline: false,
    ...(signal && { cancelSignal: signal }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' as const }),
  });
  if (result.code === 'ENOENT') return 'not-found';
  const { stdout, stderr, exitCode, signal: killer } = result;
  if (exitCode === undefined && killer === undefined) throw result;
  return { code: exitCode ?? 128 + (constants.signals[killer as NodeJS.Signals] ?? 0), stdout, stderr };
}
