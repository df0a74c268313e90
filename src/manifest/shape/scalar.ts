import { isScalar, isSeq, type Node, type Scalar } from 'yaml';
import { snake } from '../../text/case.js';
import { suggest } from '../../text/suggest.js';
import type { JsonSchema } from '../json-schema.js';
import { didYouMean, type Path } from '../problem.js';
import { characterProblem } from '../text-problems.js';
import { allowedBy, described, label } from './describe.js';
import { exactNumber } from './scalar-value.js';
import type { Walk } from './walk.js';

/** Checks a single value whose type fits the schema's. */
export function scalar(walk: Walk, node: Scalar, schema: JsonSchema, path: Path): unknown {
  if (typeof node.value === 'string') return text(walk, node, node.value, schema, path);
  if (typeof node.value === 'boolean') return node.value;
  const value = exactNumber(node);
  const tooPrecise = schema.type === 'integer' && typeof value === 'string';
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = schema;
  if (value !== undefined && !tooPrecise && Number(value) >= minimum && Number(value) <= maximum) return value;
  const allowed = value === undefined ? 'a finite number' : allowedBy(schema);
  walk.report(path, `${label(path)} is out of range`, { found: described(node), allowed });
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

/** Returns what keeps a text from being what the schema wants. */
export function textProblem(
  value: string,
  { title = 'text', pattern, minLength = 0, maxLength }: JsonSchema,
): string | undefined {
  const character = characterProblem(value);
  if (character) return `the text holds ${character}`;
  const length = [...value].length;
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return `this is not ${title}`;
  if (length < minLength) return minLength === 1 ? 'the text is empty' : `the text has only ${length} characters`;
  return maxLength !== undefined && length > maxLength ? `the text has ${length} characters` : undefined;
}

/** Returns the name that was probably meant: `order-line` for `OrderLine`. */
export function respelled(value: string, { title, pattern }: JsonSchema): string | undefined {
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

/** Reports whether a value read from YAML has the schema's type; a whole number is a number. */
export function fitsType(value: unknown, { type }: JsonSchema): boolean {
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

/** Reports a value of another type than the schema's. */
export function mismatch({ report }: Walk, node: Node | null, schema: JsonSchema, path: Path): undefined {
  report(path, `${label(path)} has the wrong type`, {
    found: described(node),
    allowed: path.length === 0 ? 'a map of keys' : allowedBy(schema),
    hint: remedy(node, schema),
  });
  return undefined;
}

function remedy(node: Node | null, { type }: JsonSchema): string | undefined {
  const value = isScalar(node) ? node.value : null;
  if (type === 'object' && value === null && !isSeq(node)) return 'write {} for an empty one';
  if (!isScalar(node)) return undefined;
  if (type === 'string' && value !== null) return `write "${node.source ?? String(value)}" for text`;
  const wantsPlain =
    type === 'boolean' ? /^(true|false)$/ : type === 'integer' || type === 'number' ? /^-?[0-9.]+$/ : undefined;
  if (typeof value === 'string' && wantsPlain?.test(value)) return `write ${value} without quotes`;
  if (type === 'boolean' && typeof value === 'string') {
    if (/^(yes|y|on)$/i.test(value)) return didYouMean('true');
    if (/^(no|n|off)$/i.test(value)) return didYouMean('false');
  }
  return undefined;
}
