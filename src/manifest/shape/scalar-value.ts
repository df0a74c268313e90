import type { Scalar } from 'yaml';
import { decimalText, parseDecimal } from '../../text/decimal.js';

/**
 * Returns the number of a YAML scalar, or its digits as text where a JavaScript number would round them, or undefined
 * for what is no number of a service: infinity, not-a-number, an absurd exponent.
 */
export function exactNumber({ value, source }: Scalar): number | string | undefined {
  if (typeof value === 'bigint') {
    const rounded = Number(value);
    return Number.isSafeInteger(rounded) ? rounded + 0 : value.toString();
  }
  if (typeof value !== 'number' || source === undefined) return undefined;
  const exact = parseDecimal(source);
  if (!exact) return undefined;
  const rounded = parseDecimal(String(value));
  return rounded && decimalText(rounded) === decimalText(exact) ? value + 0 : decimalText(exact);
}
