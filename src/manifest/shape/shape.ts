import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { suggest } from '../../text/suggest.js';
import type { JsonSchema } from '../json-schema.js';
import { didYouMean, type Path, type ProblemDetails, shown } from '../problem.js';
import { allowedBy, described, label } from './describe.js';
import { fitsType, mismatch, respelled, scalar, textProblem } from './scalar.js';
import { exactNumber } from './scalar-value.js';
import type { Walk } from './walk.js';

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
  node.items.forEach((pair, index) => {
    entry(walk, pair as Pair<Node, Node | null>, schema, [...path, index], entries);
  });
  const missing = (schema.required ?? []).filter((name) => !entries.has(name));
  for (const name of missing) {
    const rule = resolved(walk, schema.properties?.[name] ?? {});
    walk.report(path, `${label(path)} needs ${name}`, {
      on: 'key',
      allowed: allowedBy(rule),
    });
  }
  return Object.fromEntries([...entries].filter(([, value]) => value !== undefined));
}

/** Checks one pair; the last part of `place` is its number, which stands for a key that is none. */
function entry(
  walk: Walk,
  { key, value }: Pair<Node, Node | null>,
  schema: JsonSchema,
  place: Path,
  entries: Map<string, unknown>,
): void {
  const refuse = (message: string, details: ProblemDetails) => {
    walk.note([...place, 'key'], value, key);
    walk.report([...place, 'key'], message, { on: 'key', ...details });
  };
  if (!isScalar(key) || typeof key.value !== 'string') {
    const hint = isScalar(key) && key.source ? `write "${key.source}"` : undefined;
    return refuse('a key must be text', { found: described(key), hint });
  }
  const name = key.value;
  const here = [...place.slice(0, -1), name];
  if (name === '<<') return refuse('merge keys are not allowed: write the keys out', {});
  if (entries.has(name)) return refuse(`${label(here)} is there twice`, { other: here });
  walk.note(here, value, key);
  const rule = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : undefined;
  if (rule) entries.set(name, shape(walk, value, rule, here));
  else if (typeof schema.additionalProperties === 'object') entries.set(name, named(walk, key, value, schema, here));
  else if (schema.additionalProperties === false) unknownKey(walk, name, schema, here);
}

/**
 * An entry whose key is a name. It stays, empty if need be, when something is wrong with it, so that what refers to it is
 * not reported as well.
 */
function named(walk: Walk, key: Scalar, value: Node | null, schema: JsonSchema, here: Path): unknown {
  const names = resolved(walk, schema.propertyNames ?? {});
  const problem = textProblem(String(key.value), names);
  if (problem) {
    const hint = respelled(String(key.value), names);
    walk.report(here, problem, { on: 'key', found: described(key), allowed: allowedBy(names), hint });
  }
  const content = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : {};
  return shape(walk, value, content, here) ?? {};
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
  const values = node.items.map((item, index) => {
    const here = [...path, index];
    walk.note(here, item as Node | null);
    return shape(walk, item as Node | null, items, here);
  });
  return values.some((value) => value === undefined) || count < minItems || count > maxItems ? undefined : values;
}

function anything(walk: Walk, node: Node | null, path: Path): unknown {
  if (isMap(node)) return object(walk, node, { additionalProperties: {} }, path);
  if (isSeq(node)) return array(walk, node, {}, path);
  if (!isScalar(node) || node.value === null) return null;
  if (typeof node.value === 'string') return scalar(walk, node, { type: 'string' }, path);
  if (typeof node.value === 'boolean') return node.value;
  const value = exactNumber(node);
  if (typeof value === 'number') return value;
  walk.report(path, `${label(path)} would be rounded`, {
    found: described(node),
    allowed: 'a number of at most 15 digits, or text',
  });
  return undefined;
}
