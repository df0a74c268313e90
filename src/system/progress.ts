import type { System } from './system.js';

/** Milliseconds after which a person wants to know what is going on. */
const silence = 1_000;

/** Waits for the work, and says on a terminal what it is when it takes over a second. */
export async function withProgress<T>(what: string, work: Promise<T>, { terminal }: System): Promise<T> {
  if (!terminal.isTerminal.err) return work;
  const timer = setTimeout(() => terminal.err(`${what}…\n`), silence);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}
