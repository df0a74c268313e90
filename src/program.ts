import { type CommanderError, type OutputConfiguration, Command as Program, Option as ProgramOption } from 'commander';
import type { Command, Input, Option } from './command.js';
import { UserError } from './errors.js';
import type { System } from './system/system.js';
import { suggest } from './text/suggest.js';

/** Columns that help is wrapped to. */
const helpWidth = 80;

/** Runs the command with what was typed for it. */
export type Execute = (command: Command, input: Input, directory: string | undefined) => Promise<void>;

/** Returns the program that understands the commands. It writes to the terminal of `system` and never ends the process. */
export function program(commands: readonly Command[], version: string, system: System, execute: Execute): Program {
  const root = new Program('create-service')
    .description('Writes a production Go microservice from one manifest, and keeps it current.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .option('--json', 'print the result as JSON on standard output')
    .option('--cwd <dir>', 'work in this directory instead of the current one')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput(outputOf(system))
    .exitOverride();
  for (const command of commands) register(root, command, commands, execute);
  const byUse = [...commands.filter(({ isDefault }) => isDefault), ...commands.filter(({ isDefault }) => !isDefault)];
  root.addHelpText('after', examplesText(byUse.flatMap(({ examples }) => examples.slice(0, 1))));
  root.addHelpText('after', exitCodesText);
  root.hook('preSubcommand', (_, chosen) => refuseTypo(root.args, chosen, commands));
  return root;
}

/** Where commander writes. Left to itself it would open the streams of the process, which takes longer than all the rest. */
function outputOf({ terminal }: System): OutputConfiguration {
  return {
    writeOut: terminal.out,
    writeErr: terminal.err,
    outputError: () => {},
    getOutHelpWidth: () => helpWidth,
    getErrHelpWidth: () => helpWidth,
    getOutHasColors: () => false,
    getErrHasColors: () => false,
  };
}

/** Turns what commander throws into the error that `main` prints; undefined when help or the version was printed. */
export function usageError(error: CommanderError): UserError | undefined {
  if (error.exitCode === 0) return undefined;
  // What `help nosuch` ends with, after commander printed the help of everything.
  if (error.code === 'commander.help') return new UserError('there is no such command; these are all', { exitCode: 2 });
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const hint = rest.join(' ').replace(/^\((.*)\)$/, '$1') || 'create-service --help shows what there is';
  return new UserError(first, { exitCode: 2, hint });
}

function register(root: Program, command: Command, commands: readonly Command[], execute: Execute): void {
  const sub = root.command(command.name, { isDefault: command.isDefault ?? false }).summary(command.summary);
  sub.description([`${capital(command.summary)}.`, command.description].filter(Boolean).join('\n\n'));
  for (const { flags, text, choices } of command.operands ?? []) {
    const operand = sub.createArgument(flags, text);
    sub.addArgument(choices ? operand.choices(choices) : operand);
  }
  for (const option of command.options ?? []) sub.addOption(programOption(option));
  sub.addHelpText('after', examplesText(command.examples));
  sub.action(async () => {
    const { json, cwd, ...options } = sub.optsWithGlobals();
    const operands = (sub.processedArgs as (string | readonly string[] | undefined)[]).flat();
    await execute(command, { operands, options, json: json === true, commands }, cwd);
  });
}

function programOption({ flags, text, repeats, choices, conflicts }: Option): ProgramOption {
  const option = new ProgramOption(flags, text);
  if (choices) option.choices(choices);
  if (conflicts) option.conflicts([...conflicts]);
  if (repeats) option.argParser((value: string, earlier: readonly string[] = []) => [...earlier, value]);
  return option;
}

/**
 * Without this a mistyped command would be taken for the directory of a new service. Whoever wants such a directory
 * writes it as a path.
 */
function refuseTypo(typed: readonly string[], chosen: Program, commands: readonly Command[]): void {
  const names = commands.map(({ name }) => name);
  const isNamed = typed[0] === chosen.name();
  const word = isNamed ? undefined : firstOperand(typed, chosen);
  if (word === undefined || /[./\\]/.test(word)) return;
  if (names.includes(word)) {
    throw new UserError(`the command ${word} must come before its options`, { exitCode: 2 });
  }
  const meant = suggest(word, [...names, 'help']);
  if (meant === undefined) return;
  const hint = `did you mean ${meant}? For a service in a directory of that name write ./${word}`;
  throw new UserError(`there is no command ${word}`, { exitCode: 2, hint });
}

function firstOperand(typed: readonly string[], chosen: Program): string | undefined {
  for (let i = 0; i < typed.length; i++) {
    const word = typed[i] ?? '';
    if (!word.startsWith('-')) return word;
    const option = chosen.options.find(({ short, long }) => word === short || word === long);
    if (option?.required) i++;
  }
  return undefined;
}

function examplesText(examples: Command['examples']): string {
  const lines = examples.map(({ line, text }) => `  $ ${line}\n      ${text}`);
  return `\nExamples:\n${lines.join('\n')}\n`;
}

const exitCodesText = `Exit codes:
  0 done; 1 findings; 2 bad usage or manifest; 3 refused, or the environment failed, nothing changed;
  70 a bug of this tool; 130 interrupted
`;

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
