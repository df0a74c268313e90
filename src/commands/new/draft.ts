import { resolve } from 'node:path';
import type { Input } from '../../command.js';
import { UserError } from '../../errors.js';
import type { System } from '../../system/system.js';
import { type Answers, answersFrom } from './answers.js';
import { manifestOf } from './manifest-of.js';
import { assertComplete, mayAsk, type NewFlags } from './new-flags.js';
import { nameOf } from './presets.js';

/** The manifest of a service that does not exist yet, and where it came from. */
export interface Draft {
  readonly text: string | Uint8Array;
  /** Name of the manifest in error messages. */
  readonly file: string;
  /** What the flags and the prompts said; absent when a manifest was given. */
  readonly answers?: Answers;
  /** Whether the person was asked anything. */
  readonly asked: boolean;
}

/** Gets the manifest: from the file, from standard input, or from the flags and, for what they leave open, the person. */
export async function draft(input: Input, flags: NewFlags, system: System): Promise<Draft> {
  const given = answersFrom(input);
  const [directory] = input.operands;
  assertComplete(flags, given, directory, system.terminal);
  if (flags.manifest === '-') {
    return { text: await system.terminal.readInput(), file: 'standard input', asked: false };
  }
  if (flags.manifest !== undefined) return fromFile(flags.manifest, system);
  const place = resolve(system.cwd, directory ?? '.');
  if (!mayAsk(flags, system.terminal)) {
    const { name = nameOf(place), module = '', owner = '', api = [], resources = [], environments = [] } = given;
    return fromAnswers({ ...given, name, module, owner, api, resources, environments }, false);
  }
  const { askPerson } = await import('./ask-person.js');
  return fromAnswers(await askPerson(given, directory === undefined ? undefined : place, system), true);
}

function fromAnswers(answers: Answers, asked: boolean): Draft {
  return { text: manifestOf(answers), file: 'service.yaml', answers, asked };
}

function fromFile(file: string, system: System): Draft {
  const path = resolve(system.cwd, file);
  if (system.files.status(path)?.kind === 'directory') throw new UserError(`--manifest: ${file} is a directory`);
  const text = system.files.read(path);
  if (text === undefined) throw new UserError(`--manifest: there is no file ${file}`);
  return { text, file, asked: false };
}
