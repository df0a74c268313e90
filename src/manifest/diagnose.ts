import type { Diagnostic } from '../errors.js';
import { jsonSchema } from './json-schema.js';
import type { Problem } from './problem.js';
import { shape } from './shape/shape.js';
import { source } from './source.js';

/** Returns the problems that a later stage has with a manifest which is right by itself, with their places in its text. */
export function diagnose(text: string | Uint8Array, file: string, problems: readonly Problem[]): readonly Diagnostic[] {
  const read = source(text, file);
  if (!('root' in read)) return read;
  const schema = jsonSchema();
  shape({ definitions: schema.$defs ?? {}, report: () => {}, note: read.note }, read.root, schema, []);
  return read.diagnostics(problems);
}
