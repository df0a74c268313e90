import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { JsonSchema } from '../json-schema.js';
import { type Path, shown } from '../problem.js';

/** Returns what stands in the file, in a few words. */
export function described(node: Node | null | undefined): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  if (typeof node.value === 'string') return describedText(node.value);
  const kind = typeof node.value === 'boolean' ? 'a bool' : 'a number';
  return `${shown(node.source ?? String(node.value))}, ${kind}`;
}

/** Text that looks like something else is shown in quotes. */
function describedText(text: string): string {
  if (text === '') return 'empty text';
  return /^(true|false|null|[-+.]?[0-9].*)$/.test(text) ? JSON.stringify(text) : shown(text);
}

/** Returns what a schema allows, in a few words. */
export function allowedBy(schema: JsonSchema): string {
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum) return schema.enum.join(', ');
  switch (schema.type) {
    case 'object':
      return schema.title ?? 'a map';
    case 'array':
      return schema.items ? `a list${bounds(' of ', schema.minItems, schema.maxItems, ' items')}` : 'a list';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${bounds(' from ', schema.minimum, schema.maximum)}`;
    case 'number':
      return `a number${bounds(' from ', schema.minimum, schema.maximum)}`;
    default:
      return textAllowed(schema);
  }
}

function textAllowed(schema: JsonSchema): string {
  if (schema.pattern && schema.title && schema.title !== 'text on one line') {
    return schema.description ?? schema.title;
  }
  if (schema.anyOf) return schema.description ?? schema.title ?? schema.anyOf.map(allowedBy).join(' or ');
  const kind = schema.title ?? 'text';
  return `${kind}${bounds(' of ', schema.minLength, schema.maxLength, ' characters')}`;
}

function bounds(before: string, least?: number, most?: number, after = ''): string {
  if (least !== undefined && most !== undefined) return `${before}${least} to ${most}${after}`;
  const start = before.replace('from ', '');
  if (most !== undefined) return `${start}at most ${most}${after}`;
  return least === undefined ? '' : `${start}at least ${least}${after}`;
}

/** Returns a path as messages show it: `item 2 of api`, `resources.order.store`. */
export function label(path: Path): string {
  const last = path.at(-1);
  if (typeof last === 'number') return `item ${last + 1} of ${label(path.slice(0, -1))}`;
  return path.map((part) => shown(String(part))).join('.') || 'the manifest';
}
