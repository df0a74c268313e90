import type { System } from './system/system.js';

/**
 * One command of the CLI. A file `src/commands/<name>.ts` exports one as `command` and is thereby registered:
 *
 *     export const command: Command = {
 *       name: 'list',
 *       summary: 'show the components and what turns each on',
 *       options: [{ flags: '--verbose', text: 'also show ports and images' }],
 *       examples: [{ line: 'create-service list', text: 'what a service can be made of' }],
 *       run: async (input, system) => (await import('./list/run-list.js')).runList(input, system),
 *     };
 *
 * The file itself stays tiny, because every start of the tool loads all of them; what `run` needs is imported in it.
 */
export interface Command {
  /** What is typed; the file has the same name. */
  readonly name: string;
  /** One line for the list of commands, in the imperative, without a full stop. */
  readonly summary: string;
  /** More text for `--help`: paragraphs, which help wraps. */
  readonly description?: string;
  /** True for the one command that runs when no command is named. */
  readonly isDefault?: boolean;
  readonly operands?: readonly Operand[];
  readonly options?: readonly Option[];
  /** At least one. */
  readonly examples: readonly Example[];
  /** Does the work and returns the exit code. Throws `UserError` for what the person can mend. */
  readonly run: (input: Input, system: System) => Promise<number>;
}

/** A positional argument, in commander's notation: `<component>`, `[dir]` or, as the last, `[words...]`. */
export interface Operand {
  readonly flags: string;
  readonly text: string;
  /** The only words that are allowed. */
  readonly choices?: readonly string[];
  /** Words that a shell offers, where others are allowed too. */
  readonly offered?: readonly string[];
}

/** An option, in commander's notation: `--manifest <file>`. */
export interface Option {
  readonly flags: string;
  readonly text: string;
  /** May be given more than once; the value is then a list. Needs a value in `flags`. */
  readonly repeats?: boolean;
  /** The only values that are allowed. */
  readonly choices?: readonly string[];
  /** Options, named as in `Input.options`, that cannot be given beside this one. */
  readonly conflicts?: readonly string[];
}

/** A command line worth copying. */
export interface Example {
  readonly line: string;
  readonly text: string;
}

/** What was typed. */
export interface Input {
  /** One entry for each of the command's operands; those of a `[words...]` follow one after another. */
  readonly operands: readonly (string | undefined)[];
  /** By camel-cased long name: `dryRun`; a `--no-git` appears as `git: false`. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  /** Whether results are wanted as JSON. */
  readonly json: boolean;
  /** Every command of the tool, for those that describe the tool itself. */
  readonly commands: readonly Command[];
}
