import { CommanderError } from 'commander';
import { commands } from './commands_gen.js';
import { exitCodeOf, failureJson, failureText } from './failure.js';
import { type Execute, program, usageError } from './program.js';
import { nodeSystem } from './system/node-system.js';
import type { System } from './system/system.js';
import { version } from './version.js';

/**
 * Runs the command line `argv` (without the interpreter and the script) and returns the exit code. The only place that
 * catches and prints failures.
 */
export async function main(argv: readonly string[], system: System = nodeSystem()): Promise<number> {
  try {
    return await run(argv, system);
  } catch (error) {
    return report(error, argv.includes('--json'), system);
  }
}

/** Runs the command lines that another process of this tool sends, as `bin/twin.js` does. */
export async function twin(): Promise<void> {
  const { serveTwin } = await import('./system/serve-twin.js');
  serveTwin(main);
}

async function run(argv: readonly string[], system: System): Promise<number> {
  let exitCode = 0;
  const execute: Execute = async (command, input, directory) => {
    exitCode = await command.run(input, await inDirectory(system, directory));
  };
  await program(commands, version, system, execute).parseAsync(argv, { from: 'user' });
  return exitCode;
}

async function inDirectory(system: System, directory: string | undefined): Promise<System> {
  if (directory === undefined) return system;
  const { changeDirectory } = await import('./system/change-directory.js');
  return changeDirectory(system, directory);
}

async function report(error: unknown, json: boolean, system: System): Promise<number> {
  const failure = error instanceof CommanderError ? usageError(error) : error;
  if (failure === undefined) return 0;
  system.terminal.err(await failureText(failure, version, system));
  if (json) system.terminal.out(`${failureJson(failure)}\n`);
  return exitCodeOf(failure);
}
