import { UserError } from '../../errors.js';
import type { Template } from '../catalog.js';
import { emitRenderer } from './emit-renderer.js';
import type { HelperNames } from './expressions.js';
import { parseTemplate } from './parse.js';

/**
 * Returns the JavaScript of a template, see {@link emitRenderer}. A file that does not end in .hbs is plain text.
 *
 * @throws UserError with the position of everything that templates may not use
 */
export function templateCode(file: string, text: string, names: HelperNames): string {
  if (!file.endsWith('.hbs')) return emitRenderer({ body: [{ kind: 'text', text }] });
  const { template, problems } = parseTemplate(file, text, names);
  if (problems.length > 0) throw new UserError(`${file} is not a valid template`, { diagnostics: problems });
  return emitRenderer(template);
}

/** Returns the template as a function: what the bundle holds, made at run time from a directory. */
export function compileTemplate(file: string, text: string, names: HelperNames): Template {
  return new Function(`return ${templateCode(file, text, names)}`)() as Template;
}
