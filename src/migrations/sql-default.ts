import type { Field } from '../resolve/model.js';
import { sqlString } from '../text/quote.js';

/**
 * Returns a field's default as SQL, else what its rows are filled with, or undefined when it has neither: for the rows that
 * are there, and for who writes without it.
 */
export function sqlDefault({ type, default: fallback, backfill }: Field): string | undefined {
  const value = fallback ?? backfill;
  if (!value) return undefined;
  switch (type) {
    case 'int32':
    case 'int64':
    case 'float64':
    case 'decimal':
      return value.text;
    case 'bool':
      return value.text === 'true' ? 'TRUE' : 'FALSE';
    case 'uuid':
      return `x'${value.text.replaceAll('-', '')}'`;
    case 'timestamp':
      return sqlString(value.text.replace('T', ' ').replace(/Z$/, ''));
    // MySQL gives these types no default but an expression.
    case 'text':
      return `(${sqlString(value.text)})`;
    case 'json':
      return `(${sqlString(value.json)})`;
    default:
      return sqlString(value.text);
  }
}
