import { type Decimal, parseDecimal } from '../text/decimal.js';

/** The smallest and largest number, both allowed. */
export interface NumberRange {
  readonly min: Decimal;
  readonly max: Decimal;
}

/** math.MaxFloat64, which a JSON text and a DOUBLE both keep. */
const maxFloat64 = '1.7976931348623157e308';

/** What the type of a number can hold. */
export function typeRange(
  type: string,
  { precision = 1, scale = 0 }: { precision?: number; scale?: number },
): NumberRange {
  switch (type) {
    case 'int32':
      return range('-2147483648', '2147483647');
    case 'int64':
      return range('-9223372036854775808', '9223372036854775807');
    case 'decimal': {
      const coefficient = 10n ** BigInt(precision) - 1n;
      return { min: { coefficient: -coefficient, scale }, max: { coefficient, scale } };
    }
    default:
      return range(`-${maxFloat64}`, maxFloat64);
  }
}

/** What a field can hold: its type's range, narrowed by `min` and `max`. */
export function numberRange(
  field: { precision?: number; scale?: number; min?: number | string; max?: number | string },
  type: string,
): NumberRange {
  const whole = typeRange(type, field);
  return { min: bound(field.min) ?? whole.min, max: bound(field.max) ?? whole.max };
}

function bound(value: number | string | undefined): Decimal | undefined {
  return value === undefined ? undefined : parseDecimal(String(value));
}

function range(min: string, max: string): NumberRange {
  const zero = { coefficient: 0n, scale: 0 };
  return { min: parseDecimal(min) ?? zero, max: parseDecimal(max) ?? zero };
}
