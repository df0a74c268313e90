import type { Input } from '../../command.js';
import { UserError } from '../../errors.js';
import type { Terminal } from '../../system/terminal.js';
import type { PartialAnswers } from './answers.js';

/** How `new` goes about its work; what the service is stands in `Answers` or the manifest. */
export interface NewFlags {
  /** As typed; `-` for standard input. */
  readonly manifest?: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly git: boolean;
  readonly force: boolean;
}

/** Reads the flags. */
export function newFlags({ options }: Input): NewFlags {
  return {
    manifest: typeof options.manifest === 'string' ? options.manifest : undefined,
    yes: options.yes === true,
    dryRun: options.dryRun === true,
    git: options.git !== false,
    force: options.force === true,
  };
}

/** Whether questions are possible: a person is there, said nothing against it, and the manifest does not use up the input. */
export function mayAsk(flags: NewFlags, terminal: Terminal): boolean {
  return terminal.canAsk && !flags.yes && flags.manifest !== '-';
}

/** Refuses, in one error that names every missing flag, what could only go on with a question that cannot be asked. */
export function assertComplete(
  flags: NewFlags,
  given: PartialAnswers,
  directory: string | undefined,
  terminal: Terminal,
): void {
  if (mayAsk(flags, terminal)) return;
  const missing: string[] = [];
  if (flags.manifest === undefined) {
    if (directory === undefined && given.name === undefined) missing.push('DIR or --name');
    if (given.module === undefined) missing.push('--module');
    if (given.owner === undefined) missing.push('--owner');
  }
  if (!flags.yes && !flags.dryRun) missing.push('--yes');
  if (missing.length === 0) return;
  const why = terminal.canAsk && flags.yes ? '--yes was given' : 'there is no terminal';
  throw new UserError(`missing: ${missing.join(', ')}; nothing can be asked, because ${why}`, {
    hint: 'or give --manifest FILE --yes, which say everything',
  });
}
