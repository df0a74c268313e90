import { UserError } from '../../errors.js';
import type { Template } from '../catalog.js';
import type { HelperNames } from './expressions.js';
import { parseTemplate } from './parse.js';
import { type Program, programOf } from './program.js';
import { templateOf } from './run.js';

/**
 * Returns the program of a template. A file that does not end in .hbs is plain text.
 *
 * @throws UserError with the position of everything that templates may not use
 */
export function templateProgram(file: string, text: string, names: HelperNames): Program {
  if (!file.endsWith('.hbs')) return [text];
  const { template, problems } = parseTemplate(file, text, names);
  if (problems.length > 0) throw new UserError(`${file} is not a valid template`, { diagnostics: problems });
  return programOf(template);
}

/** Returns the template as a function: what the bundle holds as a program, made at run time from a directory. */
export function compileTemplate(file: string, text: string, names: HelperNames): Template {
  return templateOf(templateProgram(file, text, names));
}
