import { type Diagnostic, UserError } from '../errors.js';
import type { Draft, Manifest } from './grammar.js';
import { type JsonSchema, jsonSchema } from './json-schema.js';
import type { Known } from './known.js';
import { type Problem, problemList } from './problem.js';
import { ruleProblems } from './rules/rules.js';
import { shape } from './shape/shape.js';
import { type Source, source } from './source.js';

/** The most problems that are shown; a file with more is something else. */
const mostShown = 100;

/** What was read last with what is known: an update reads one text several times. */
const remembered = new WeakMap<object, { readonly text: string; readonly found: Manifest }>();

/**
 * Returns the manifest that the text holds. Throws a {@link UserError} (exit code 2) with every problem at once, each
 * with its place, what was found and what is allowed.
 *
 * @param file the name to show in front of line and column
 * @param known what is built; absent: the whole grammar is allowed
 */
export function manifest(text: string | Uint8Array, file: string, known?: Known): Manifest {
  const last = known && remembered.get(known);
  if (last?.text === text) return last.found;
  const found = readManifest(text, file, known);
  if (known && typeof text === 'string') remembered.set(known, { text, found });
  return found;
}

function readManifest(text: string | Uint8Array, file: string, known: Known | undefined): Manifest {
  const read = source(text, file);
  if (!('root' in read)) throw refusal(file, read);
  const { draft, problems } = checked(read, known);
  const all = [...problems, ...ruleProblems(draft, known)];
  if (all.length > 0) throw refusal(file, read.diagnostics(all).slice(0, mostShown));
  return draft as Manifest;
}

function checked({ root, note }: Source, known: Known | undefined): { draft: Draft; problems: readonly Problem[] } {
  const { problems, report } = problemList();
  const schema = withOptions(jsonSchema(), known);
  const value = shape({ definitions: schema.$defs ?? {}, report, note }, root, schema, []);
  return { draft: (value ?? {}) as Draft, problems };
}

/** Adds the options of the components that exist; the others are refused by name. */
function withOptions(schema: JsonSchema, known: Known | undefined): JsonSchema {
  const { components = {} } = schema.properties ?? {};
  const none: JsonSchema = { type: 'object', additionalProperties: false };
  const named = [...(known?.components ?? [])].map(([name, { options = none }]) => [name, options]);
  return {
    ...schema,
    properties: { ...schema.properties, components: { ...components, properties: Object.fromEntries(named) } },
  };
}

function refusal(file: string, diagnostics: readonly Diagnostic[]): UserError {
  const count = diagnostics.length === 1 ? 'one problem' : `${diagnostics.length} problems`;
  return new UserError(`${file} has ${count}`, { exitCode: 2, diagnostics });
}
