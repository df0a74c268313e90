import { describe, expect, test } from 'vitest';
import { bounded } from './bounded.js';
import { compareDecimals, decimalText, parseDecimal, wholeDigits } from './decimal.js';
import { distance } from './distance.js';
import { plural } from './plural.js';
import { suggest } from './suggest.js';

describe('a decimal', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['12.50', '12.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['+1', '1'],
    ['1e3', '1000'],
    ['1.5E-3', '0.0015'],
    ['-0.001', '-0.001'],
    ['12345678901234567890.12345678901234567890', '12345678901234567890.1234567890123456789'],
    ['007', '7'],
    ['1e400', `1${'0'.repeat(400)}`],
  ])('%s is %s', (text, want) => {
    const number = parseDecimal(text);
    expect(number && decimalText(number)).toBe(want);
  });

  test.each(['', '.', '-', '1e', '1e401', '1e99999', '0x1', '1_000', '1,5', 'NaN', 'Infinity', '.inf', '1 '])(
    '%j is none',
    (text) => {
      expect(parseDecimal(text)).toBeUndefined();
    },
  );

  test('shows as many places as asked for', () => {
    expect(decimalText({ coefficient: -125n, scale: 2 }, 4)).toBe('-1.2500');
    expect(decimalText({ coefficient: 5n, scale: 0 }, 2)).toBe('5.00');
  });

  test('compares exactly', () => {
    const compare = (a: string, b: string) =>
      compareDecimals(
        parseDecimal(a) ?? { coefficient: 0n, scale: 0 },
        parseDecimal(b) ?? { coefficient: 0n, scale: 0 },
      );
    expect(compare('0.1', '0.10')).toBe(0);
    expect(compare('9007199254740993', '9007199254740992')).toBeGreaterThan(0);
    expect(compare('-1', '0.0000000001')).toBeLessThan(0);
  });

  test('counts the digits before the point', () => {
    expect(
      ['0', '0.99', '9', '-10.5', '1e3'].map((text) =>
        wholeDigits(parseDecimal(text) ?? { coefficient: 0n, scale: 0 }),
      ),
    ).toEqual([0, 0, 1, 2, 4]);
  });
});

test.each([
  ['', '', 0],
  ['a', '', 1],
  ['', 'ab', 2],
  ['kitten', 'sitting', 3],
  ['ab', 'ba', 1],
  ['resorces', 'resources', 1],
  ['abc', 'abc', 0],
] as const)('from %j to %j is %i', (a, b, want) => {
  expect(distance(a, b)).toBe(want);
  expect(distance(b, a)).toBe(want);
});

test.each([
  ['resorces', 'resources'],
  ['Mysql', 'mysql'],
  ['mysq', 'mysql'],
  ['xyzzy', undefined],
  ['', undefined],
  ['udpate', 'update'],
] as const)('%j suggests %s', (typed, want) => {
  expect(suggest(typed, ['resources', 'mysql', 'update', 'create'])).toBe(want);
});

test.each([
  ['order', 'orders'],
  ['order-line', 'order-lines'],
  ['person', 'people'],
  ['status', 'statuses'],
  ['category', 'categories'],
  ['news', 'news'],
  ['address', 'addresses'],
  ['key', 'keys'],
] as const)('the plural of %s is %s', (name, want) => {
  expect(plural(name)).toBe(want);
});

test('a bounded name is as it was, or ends in a hash that keeps it apart', () => {
  expect(bounded('short', 64)).toBe('short');
  const [a, b] = [bounded(`${'x'.repeat(70)}a`, 64), bounded(`${'x'.repeat(70)}b`, 64)];
  expect([a.length, b.length]).toEqual([64, 64]);
  expect(a).not.toBe(b);
  expect(bounded(`${'x'.repeat(70)}a`, 64)).toBe(a);
});
