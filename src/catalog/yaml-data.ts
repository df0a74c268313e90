import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Diagnostic, UserError } from '../errors.js';

/**
 * Returns a YAML file of the templates as data of the given shape.
 *
 * @throws UserError with the position of everything that does not fit
 */
export function yamlData<Schema extends z.ZodType>(file: string, text: string, schema: Schema): z.output<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2' });
  const at = (offset: number, message: string): Diagnostic => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, message };
  };
  const broken = document.errors.map((error) => at(error.pos[0], error.message.split('\n')[0] ?? 'not valid YAML'));
  if (broken.length > 0) throw new UserError(`${file} is not valid YAML`, { diagnostics: broken });
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return parsed.data;
  const offset = (path: readonly PropertyKey[]) =>
    (document.getIn(path, true) as { range?: number[] } | undefined)?.range?.[0] ?? 0;
  const diagnostics = parsed.error.issues.map((issue) =>
    at(offset(issue.path), `${issue.path.join('.') || 'file'}: ${issue.message}`),
  );
  throw new UserError(`${file} is not valid`, { diagnostics });
}
