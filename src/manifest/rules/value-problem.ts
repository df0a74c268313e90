import { compareDecimals, decimalText, parseDecimal } from '../../text/decimal.js';
import { matcher } from '../../text/re2/match.js';
import { parseExpression } from '../../text/re2/parse.js';
import { suggest } from '../../text/suggest.js';
import { parseDuration } from '../../values/duration.js';
import { parseDate, parseTimestamp } from '../../values/moment.js';
import { numberRange, typeRange } from '../../values/number-range.js';
import type { DraftField } from '../grammar.js';
import { didYouMean, type ProblemDetails, shown } from '../problem.js';

/** Why a value does not fit. */
export type Misfit = Pick<ProblemDetails, 'found' | 'allowed' | 'hint'>;

/** The type of a value and the options that narrow it: a field, or a configuration key. */
export type ValueType = Omit<DraftField, 'type'> & { readonly type?: DraftField['type'] | 'duration' };

/** Returns why a value does not fit a type and its options; undefined when it does, or when the type is not known. */
export function misfit(value: unknown, type: ValueType): Misfit | undefined {
  const allowed = allowedFor(value, type);
  return allowed === undefined ? undefined : { found: foundText(value), ...allowed };
}

/** Returns a value of the manifest as messages show it. */
export function foundText(value: unknown): string {
  if (typeof value === 'string') return shown(value);
  return typeof value === 'object' ? 'a map or a list' : String(value);
}

function allowedFor(value: unknown, type: ValueType): Omit<Misfit, 'found'> | undefined {
  switch (type.type) {
    case 'string':
    case 'text':
      return textAllowed(value, type);
    case 'int32':
    case 'int64':
    case 'float64':
    case 'decimal':
      return numberAllowed(value, type, type.type);
    case 'bool':
      return unless(typeof value === 'boolean', 'true or false');
    case 'uuid':
      return unless(typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value), 'a UUID');
    case 'timestamp':
      return unless(
        typeof value === 'string' && parseTimestamp(value) !== undefined,
        'RFC 3339 in UTC, such as 2026-01-31T12:00:00Z',
      );
    case 'date':
      return unless(typeof value === 'string' && parseDate(value) !== undefined, 'a date such as 2026-01-31');
    case 'duration':
      return unless(typeof value === 'string' && parseDuration(value) !== undefined, 'a duration such as 30s or 1h30m');
    case 'enum':
      return type.values && enumAllowed(value, type.values);
    case 'json':
      return value === null ? { allowed: 'any JSON but null' } : sizeAllowed(JSON.stringify(value), type.max);
    default:
      return undefined;
  }
}

function unless(fits: boolean, allowed: string): Omit<Misfit, 'found'> | undefined {
  return fits ? undefined : { allowed };
}

function textAllowed(value: unknown, { type, min, max, pattern }: ValueType): Omit<Misfit, 'found'> | undefined {
  if (typeof value !== 'string') return { allowed: 'text', hint: `write "${String(value)}" for text` };
  if (type === 'text') return sizeAllowed(value, max);
  const length = [...value].length;
  if (max !== undefined && length > Number(max)) return { allowed: `at most ${max} characters` };
  if (min !== undefined && length < Number(min)) return { allowed: `at least ${min} characters` };
  return pattern === undefined || matches(pattern, value) ? undefined : { allowed: `text that matches ${pattern}` };
}

function matches(pattern: string, value: string): boolean {
  try {
    return matcher(parseExpression(pattern))(value);
  } catch {
    return true; // the pattern itself is reported where it stands
  }
}

function sizeAllowed(text: string | undefined, max: number | string = 65_535): Omit<Misfit, 'found'> | undefined {
  return unless(new TextEncoder().encode(text ?? '').length <= Number(max), `at most ${max} bytes`);
}

function numberAllowed(value: unknown, field: ValueType, type: NumberType): Omit<Misfit, 'found'> | undefined {
  const number = typeof value === 'number' || typeof value === 'string' ? parseDecimal(String(value)) : undefined;
  if (!number) return { allowed: numberKind(type) };
  if (type.startsWith('int') && number.scale > 0) return { allowed: 'a whole number' };
  if (type === 'decimal' && number.scale > (field.scale ?? 0))
    return { allowed: `at most ${field.scale ?? 0} digits after the point` };
  const { min, max } = numberRange(
    { ...field, min: fitting(field.min, field, type), max: fitting(field.max, field, type) },
    type,
  );
  const fits = compareDecimals(number, min) >= 0 && compareDecimals(number, max) <= 0;
  return unless(
    fits,
    type === 'float64' && field.min === undefined && field.max === undefined
      ? 'a finite number'
      : `${decimalText(min)} to ${decimalText(max)}`,
  );
}

type NumberType = 'int32' | 'int64' | 'float64' | 'decimal';

/** A bound that does not fit the type itself is reported where it stands. */
function fitting(bound: number | string | undefined, field: ValueType, type: NumberType): number | string | undefined {
  const number = bound === undefined ? undefined : parseDecimal(String(bound));
  const whole = typeRange(type, field);
  return number && compareDecimals(number, whole.min) >= 0 && compareDecimals(number, whole.max) <= 0
    ? bound
    : undefined;
}

function numberKind(type: string): string {
  return type.startsWith('int') ? 'a whole number' : 'a number';
}

function enumAllowed(value: unknown, values: readonly string[]): Omit<Misfit, 'found'> | undefined {
  if (typeof value === 'string' && values.includes(value)) return undefined;
  return { allowed: values.join(', '), hint: didYouMean(suggest(String(value), values)) };
}
