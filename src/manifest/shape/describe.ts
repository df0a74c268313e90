import { isMap, isScalar, isSeq, type Node } from 'yaml';
import type { JsonSchema } from '../json-schema.js';
import { shown } from '../problem.js';

/** Returns what stands in the file, in a few words. */
export function described(node: Node | null | undefined): string {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  if (typeof node.value === 'string') return node.value === '' ? 'empty text' : shown(node.value);
  const kind = typeof node.value === 'boolean' ? 'a bool' : 'a number';
  return `${shown(node.source ?? String(node.value))}, ${kind}`;
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
      return `a whole number${bounds(' ', schema.minimum, schema.maximum)}`;
    case 'number':
      return `a number${bounds(' ', schema.minimum, schema.maximum)}`;
    default:
      return textAllowed(schema);
  }
}

function textAllowed(schema: JsonSchema): string {
  if (schema.pattern && schema.title && schema.title !== 'text on one line') {
    return schema.description ? `${schema.title}: ${schema.description}` : schema.title;
  }
  if (schema.anyOf) return schema.description ?? schema.title ?? schema.anyOf.map(allowedBy).join(' or ');
  const kind = schema.title ?? 'text';
  return `${kind}${bounds(' of ', schema.minLength, schema.maxLength, ' characters')}`;
}

function bounds(before: string, least?: number, most?: number, after = ''): string {
  if (least !== undefined && most !== undefined) return `${before}${least} to ${most}${after}`;
  if (most !== undefined) return `${before}at most ${most}${after}`;
  return least === undefined ? '' : `${before}at least ${least}${after}`;
}
