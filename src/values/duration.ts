const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** The longest time.Duration. */
const longest = 2n ** 63n - 1n;

/** Reads a duration as Go's time.ParseDuration does, in nanoseconds; undefined for none, or one that is too long. */
export function parseDuration(text: string): bigint | undefined {
  if (!/^([0-9]+(\.[0-9]{1,9})?(ns|us|µs|ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(/([0-9]+)(?:\.([0-9]+))?([a-zµ]+)/g)) {
    const size = units[unit] ?? 0n;
    total += BigInt(whole) * size + (BigInt(`${fraction}0`) * size) / 10n ** BigInt(fraction.length + 1);
  }
  return total <= longest ? total : undefined;
}

/** Returns the duration as a Go expression: `90 * time.Second`. */
export function durationGo(text: string): string {
  const total = parseDuration(text) ?? 0n;
  const names = [
    ['Hour', 'h'],
    ['Minute', 'm'],
    ['Second', 's'],
    ['Millisecond', 'ms'],
    ['Microsecond', 'us'],
  ] as const;
  const fitting = names.find(([, unit]) => total !== 0n && total % (units[unit] ?? 1n) === 0n);
  return fitting ? `${total / (units[fitting[1]] ?? 1n)} * time.${fitting[0]}` : `${total} * time.Nanosecond`;
}
