/** An exact decimal number: `coefficient × 10^-scale`, with the smallest scale that holds it. */
export interface Decimal {
  readonly coefficient: bigint;
  readonly scale: number;
}

/** Larger exponents mean no number of a service, and would cost memory. */
const largestExponent = 400;

/** Reads `-12.50`, `1e3` and the like; undefined for anything else. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?$/.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole + fraction === '' || Math.abs(Number(exponent)) > largestExponent) return undefined;
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction) * 10n ** BigInt(Math.max(0, -scale));
  return shortest(sign === '-' ? -digits : digits, Math.max(0, scale));
}

/** Returns the number without an exponent, `12.5`; with at least `places` digits after the point. */
export function decimalText({ coefficient, scale }: Decimal, places = 0): string {
  const shown = Math.max(scale, places);
  const digits = absolute(coefficient) * 10n ** BigInt(shown - scale);
  const padded = digits.toString().padStart(shown + 1, '0');
  const whole = padded.slice(0, padded.length - shown);
  const fraction = shown === 0 ? '' : `.${padded.slice(-shown)}`;
  return (coefficient < 0n ? '-' : '') + whole + fraction;
}

/** Returns a number below, equal to or above 0: `a` is smaller than, equal to or larger than `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const left = a.coefficient * 10n ** BigInt(b.scale);
  const right = b.coefficient * 10n ** BigInt(a.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Returns how many digits stand before the point: 0 for `0.5`. */
export function wholeDigits({ coefficient, scale }: Decimal): number {
  const whole = absolute(coefficient) / 10n ** BigInt(scale);
  return whole === 0n ? 0 : whole.toString().length;
}

function shortest(coefficient: bigint, scale: number): Decimal {
  let [digits, places] = [coefficient, scale];
  while (places > 0 && digits % 10n === 0n) [digits, places] = [digits / 10n, places - 1];
  return { coefficient: digits, scale: places };
}

function absolute(n: bigint): bigint {
  return n < 0n ? -n : n;
}
