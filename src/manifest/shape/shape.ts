import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { snake } from '../../text/case.js';
import { suggest } from '../../text/suggest.js';
import type { JsonSchema } from '../json-schema.js';
import { didYouMean, type Path, type Report, shown } from '../problem.js';
import { allowedBy, described } from './describe.js';
import { exactNumber } from './scalar-value.js';

/** What the walk needs at every step. */
export interface Walk {
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  readonly report: Report;
  readonly note: (path: Path, value: Node | null, key?: Node) => void;
}

/**
 * Checks a YAML node against a schema and returns its plain value. Whatever does not fit is reported and left out of
 * the value, so that the rules can go on with the rest.
 */
export function shape(walk: Walk, node: Node | null, schema: JsonSchema, path: Path): unknown {
  const rule = resolved(walk, schema);
  if (isAnything(rule)) return anything(walk, node, path);
  const branches = rule.oneOf ?? rule.anyOf;
  if (branches) return branched(walk, node, rule, branches, path);
  if (rule.type === 'object' && isMap(node)) return object(walk, node, rule, path);
  if (rule.type === 'array' && isSeq(node)) return array(walk, node, rule, path);
  if (isScalar(node) && fitsType(node.value, rule)) return scalar(walk, node, rule, path);
  return mismatch(walk, node, rule, path);
}

function resolved({ definitions }: Walk, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/$defs/', '');
  if (name === undefined) return schema;
  const { $ref: _, ...beside } = schema;
  return { ...beside, ...definitions[name] };
}

function isAnything(schema: JsonSchema): boolean {
  return !schema.type && !schema.oneOf && !schema.anyOf && schema.const === undefined && !schema.enum;
}

function fitsType(value: unknown, { type }: JsonSchema): boolean {
  switch (typeof value) {
    case 'string':
      return type === 'string';
    case 'boolean':
      return type === 'boolean';
    case 'bigint':
      return type === 'integer' || type === 'number';
    case 'number':
      return type === 'number';
    default:
      return false;
  }
}

function mismatch({ report }: Walk, node: Node | null, schema: JsonSchema, path: Path): undefined {
  report(path, `${label(path)} has the wrong type`, {
    found: described(node),
    allowed: allowedBy(schema),
    hint: remedy(node, schema),
  });
  return undefined;
}

function remedy(node: Node | null, { type }: JsonSchema): string | undefined {
  const value = isScalar(node) ? node.value : null;
  if (type === 'object' && value === null && !isSeq(node)) return 'write {} for an empty one';
  if (!isScalar(node)) return undefined;
  if (type === 'string' && value !== null) return `write "${node.source ?? String(value)}" for text`;
  if (type === 'boolean' && typeof value === 'string') {
    if (/^(yes|y|on)$/i.test(value)) return didYouMean('true');
    if (/^(no|n|off)$/i.test(value)) return didYouMean('false');
  }
  return undefined;
}

function branched(
  walk: Walk,
  node: Node | null,
  rule: JsonSchema,
  branches: readonly JsonSchema[],
  path: Path,
): unknown {
  const choices = branches.map((branch) => resolved(walk, branch)).flatMap((branch) => branch.anyOf ?? [branch]);
  if (choices.every((choice) => choice.type === 'object')) return discriminated(walk, node, rule, choices, path);
  const choice = isScalar(node) ? choices.find((candidate) => fitsType(node.value, candidate)) : undefined;
  return choice && isScalar(node) ? scalar(walk, node, choice, path) : mismatch(walk, node, rule, path);
}

/** Objects that one key with a constant tells apart, such as the `type` of a field. */
function discriminated(
  walk: Walk,
  node: Node | null,
  rule: JsonSchema,
  choices: readonly JsonSchema[],
  path: Path,
): unknown {
  if (!isMap(node)) return mismatch(walk, node, { type: 'object', title: rule.title }, path);
  const name = Object.entries(choices[0]?.properties ?? {}).find(([, schema]) => schema.const !== undefined)?.[0] ?? '';
  const constant = (choice: JsonSchema) => choice.properties?.[name]?.const;
  const value = node.items.find((pair) => isScalar(pair.key) && pair.key.value === name)?.value;
  const choice = choices.find((candidate) => isScalar(value) && constant(candidate) === value.value);
  if (choice) return object(walk, node, choice, path);
  const known = { type: 'string', enum: choices.map((candidate) => String(constant(candidate))) } as const;
  const open = { type: 'object', properties: { [name]: known }, required: [name] } as const;
  return object(walk, node, open, path);
}

function object(walk: Walk, node: YAMLMap, schema: JsonSchema, path: Path): Record<string, unknown> {
  const entries = new Map<string, unknown>();
  for (const pair of node.items) entry(walk, pair as Pair<Node, Node | null>, schema, path, entries);
  const missing = (schema.required ?? []).filter((name) => !entries.has(name));
  for (const name of missing) {
    const rule = resolved(walk, schema.properties?.[name] ?? {});
    walk.report(path, `${path.length === 0 ? 'the manifest' : label(path)} needs ${name}`, {
      on: 'key',
      allowed: allowedBy(rule),
    });
  }
  return Object.fromEntries([...entries].filter(([, value]) => value !== undefined));
}

function entry(
  walk: Walk,
  { key, value }: Pair<Node, Node | null>,
  schema: JsonSchema,
  path: Path,
  entries: Map<string, unknown>,
): void {
  if (!isScalar(key) || typeof key.value !== 'string') {
    walk.note([...path, `\0${entries.size}`], null, key);
    const hint = isScalar(key) && key.source ? `write "${key.source}"` : undefined;
    walk.report([...path, `\0${entries.size}`], 'a key must be text', { on: 'key', found: described(key), hint });
    return;
  }
  const name = key.value;
  const here = [...path, name];
  if (entries.has(name)) {
    walk.note([...here, '\0again'], value, key);
    walk.report([...here, '\0again'], `${label(here)} is there twice`, { on: 'key', other: here });
    return;
  }
  walk.note(here, value, key);
  const rule = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
  if (rule) entries.set(name, shape(walk, value, rule, here));
  else if (typeof schema.additionalProperties === 'object') entries.set(name, named(walk, key, value, schema, here));
  else if (schema.additionalProperties === false) unknownKey(walk, name, schema, here);
}

function named(walk: Walk, key: Scalar, value: Node | null, schema: JsonSchema, here: Path): unknown {
  const names = resolved(walk, schema.propertyNames ?? {});
  const problem = textProblem(String(key.value), names);
  if (problem)
    walk.report(here, problem, {
      on: 'key',
      found: described(key),
      allowed: allowedBy(names),
      hint: respelled(String(key.value), names),
    });
  const content = shape(
    walk,
    value,
    typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {},
    here,
  );
  return problem ? undefined : content;
}

function unknownKey({ report }: Walk, name: string, { properties = {} }: JsonSchema, here: Path): void {
  const known = Object.keys(properties);
  const parent = here.length === 1 ? '' : ` in ${label(here.slice(0, -1))}`;
  report(here, `unknown key ${shown(name)}${parent}`, {
    on: 'key',
    allowed: known.join(', '),
    hint: didYouMean(suggest(name, known)),
  });
}

function array(walk: Walk, node: YAMLSeq, schema: JsonSchema, path: Path): unknown[] | undefined {
  const { minItems = 0, maxItems = Number.POSITIVE_INFINITY, items = {} } = schema;
  const count = node.items.length;
  if (count < minItems || count > maxItems) {
    walk.report(path, `${label(path)} has the wrong number of items`, {
      found: String(count),
      allowed: allowedBy(schema),
    });
  }
  const values = node.items.slice(0, maxItems).map((item, index) => {
    const here = [...path, index];
    walk.note(here, item as Node | null);
    return shape(walk, item as Node | null, items, here);
  });
  return values.filter((value) => value !== undefined);
}

function scalar(walk: Walk, node: Scalar, schema: JsonSchema, path: Path): unknown {
  if (typeof node.value === 'string') return text(walk, node, node.value, schema, path);
  if (typeof node.value === 'boolean') return node.value;
  const value = exactNumber(node);
  const tooPrecise = schema.type === 'integer' && typeof value === 'string';
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (value !== undefined && !tooPrecise && Number(value) >= minimum && Number(value) <= maximum) return value;
  walk.report(path, `${label(path)} is out of range`, { found: described(node), allowed: allowedBy(schema) });
  return undefined;
}

function text(walk: Walk, node: Scalar, value: string, schema: JsonSchema, path: Path): string | undefined {
  const constants = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (constants && !constants.includes(value)) {
    const hint = didYouMean(suggest(value, constants.map(String)));
    walk.report(path, `unknown value of ${label(path)}`, { found: described(node), allowed: allowedBy(schema), hint });
    return undefined;
  }
  const problem = textProblem(value, schema);
  if (!problem) return value;
  walk.report(path, `${label(path)}: ${problem}`, {
    found: described(node),
    allowed: allowedBy(schema),
    hint: respelled(value, schema),
  });
  return undefined;
}

function textProblem(
  value: string,
  { title = 'text', pattern, minLength = 0, maxLength }: JsonSchema,
): string | undefined {
  const length = [...value].length;
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return `this is not ${title}`;
  if (length < minLength) return minLength === 1 ? 'the text is empty' : `the text has only ${length} characters`;
  if (maxLength !== undefined && length > maxLength)
    return `${title === 'text' ? 'the text' : 'this'} has ${length} characters`;
  return undefined;
}

/** Returns the name that was probably meant: `order-line` for `OrderLine`. */
function respelled(value: string, { title, pattern }: JsonSchema): string | undefined {
  if (pattern === undefined || (!title?.endsWith('_case name') && !title?.endsWith('-case name'))) return undefined;
  const lower = snake(
    value
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_'),
  );
  const name = title.includes('kebab') ? lower.replaceAll('_', '-') : lower;
  return name.length <= 40 && new RegExp(pattern).test(name) ? didYouMean(name) : undefined;
}

function anything(walk: Walk, node: Node | null, path: Path): unknown {
  if (isMap(node)) return object(walk, node, { additionalProperties: {} }, path);
  if (isSeq(node)) return array(walk, node, {}, path);
  if (!isScalar(node) || isAlias(node) || node.value === null) return null;
  if (typeof node.value !== 'bigint' && typeof node.value !== 'number') return node.value;
  const value = exactNumber(node);
  if (typeof value === 'number') return value;
  walk.report(path, `${label(path)} would be rounded`, {
    found: described(node),
    allowed: 'a number of at most 15 digits, or text',
  });
  return undefined;
}

function label(path: Path): string {
  return path.map((part) => (typeof part === 'number' ? `item ${part + 1}` : shown(part))).join('.') || 'the manifest';
}
