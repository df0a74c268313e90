import type { System } from './system.js';

/** Functions that put a text into a colour or weight, or leave it alone. */
export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly cyan: (text: string) => string;
}

const same = (text: string): string => text;
const plain: Palette = { bold: same, dim: same, red: same, green: same, cyan: same };

/** Returns the palette for one of the streams. */
export async function palette(system: System, stream: 'out' | 'err'): Promise<Palette> {
  if (!wantsColour(system.env, system.terminal.isTerminal[stream])) return plain;
  const { Chalk } = await import('chalk');
  return new Chalk({ level: 1 });
}

/**
 * Whether to colour: NO_COLOR says no, FORCE_COLOR says yes, then a terminal that is not dumb does. chalk is told the
 * answer, because it does not look at NO_COLOR itself.
 */
export function wantsColour(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && env.TERM !== 'dumb';
}
