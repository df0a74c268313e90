import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { RunOptions, RunResult } from './processes.js';

/** Runs a program; the contract is `Run`. Node's own means, because loading a library takes longer than most programs. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = {}, input = '', timeoutMs, signal }: RunOptions,
): Promise<RunResult | 'not-found'> {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, windowsHide: true });
  const end = () => child.kill('SIGTERM');
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();
  const [out, err] = [collected(child.stdout), collected(child.stderr)];
  // A program that ends before it has read everything is no failure of this one.
  child.stdin.on('error', () => {}).end(input);
  try {
    const [code, killer] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code: code ?? 128 + constants.signals[killer ?? 'SIGKILL'], stdout: out(), stderr: err() };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'not-found';
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** Reads a stream to its end. Returns what gives the text of what has been read. */
function collected(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}
