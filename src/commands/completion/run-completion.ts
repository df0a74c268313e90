import type { Command, Input } from '../../command.js';
import type { System } from '../../system/system.js';
import { bashScript } from './bash-script.js';
import { fishScript } from './fish-script.js';
import { zshScript } from './zsh-script.js';

/** One word that a shell can offer. */
export interface Word {
  readonly text: string;
  readonly help: string;
}

/** What a shell offers after a command: its options and the words its operands take. */
export interface Offer extends Word {
  readonly options: readonly Word[];
  readonly words: readonly string[];
}

/** Prints the completion script of a shell. It is static: pressing Tab does not start this tool. */
export async function runCompletion({ operands: [shell], commands }: Input, system: System): Promise<number> {
  const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
  const script = scripts[shell as keyof typeof scripts];
  system.terminal.out(script(commands.map(offer)));
  return 0;
}

const everywhere: readonly Word[] = [
  { text: '--json', help: 'print the result as JSON' },
  { text: '--cwd', help: 'work in this directory' },
  { text: '--help', help: 'show help' },
];

function offer({ name, summary, options = [], operands = [] }: Command): Offer {
  const own = options.map(({ flags, text }) => ({ text: longFlag(flags), help: text }));
  return {
    text: name,
    help: summary,
    options: [...own, ...everywhere],
    words: operands.flatMap((one) => one.choices ?? one.offered ?? []),
  };
}

function longFlag(flags: string): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}
