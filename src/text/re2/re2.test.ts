import { describe, expect, test } from 'vitest';
import { matcher } from './match.js';
import { ExpressionError } from './node.js';
import { parseExpression } from './parse.js';
import { matching, unmatched } from './texts.js';

/** Every row was checked with Go 1.26's regexp package: pattern, texts that match, texts that do not. */
const rows: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ['', ['', 'a'], []],
  ['^$', [''], ['a', '\n']],
  ['a|bc', ['a', 'xbcx'], ['b', 'c']],
  ['^(?:a|b)*c$', ['c', 'abbac'], ['abba']],
  ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
  ['^a{,3}$', ['a{,3}'], ['', 'a', 'aaa']],
  ['^a{2}?$', ['aa'], ['a']],
  ['^(a{2}){3}$', ['aaaaaa'], ['aaaa']],
  ['^\\d+\\.\\d$', ['12.3'], ['12', '١.1']],
  ['^\\w\\W\\s\\S\\D$', ['a- bc'], ['a- b1']],
  ['^\\s$', [' ', '\t', '\n', '\f', '\r'], ['\v', '\u00a0']],
  ['\\bfoo\\b', ['a foo', 'foo'], ['food', 'éfoo1']],
  ['^.$', ['é', '😀', '\r'], ['\n', '']],
  ['(?s)^.$', ['\n'], ['']],
  ['(?m)^b$', ['a\nb\nc'], ['ab']],
  ['(?i)^kelvin$', ['KELVIN', 'Kelvin'], ['kelvi']],
  ['^(?i:a)b$', ['Ab', 'ab'], ['aB']],
  ['^[^a-c]$', ['d', '\n'], ['a', 'b']],
  ['^[]a]$', [']', 'a'], ['[']],
  ['^[a\\]-]$', ['-', ']', 'a'], ['b']],
  ['^[[:alpha:][:^space:]]$', ['a', '1'], [' ']],
  ['^[\\d_]$', ['5', '_'], ['a']],
  ['^\\pL\\p{Greek}\\PN$', ['aαx'], ['aax', 'aα1']],
  ['^\\x41\\x{1F600}\\t\\101\\07$', ['A😀\tA\u0007'], ['A']],
  ['^\\Qa.b\\E+$', ['a.b', 'a.bb'], ['aab']],
  ['^(?P<year>[0-9]{4})-(?<month>[0-9]{2})$', ['2026-11'], ['2026-1']],
  ['\\A\\z', [''], ['a']],
  ['^{a}$', ['{a}'], ['a']],
];

describe('an expression', () => {
  test.each(rows)('%j matches what it does in Go', (pattern, yes, no) => {
    const matches = matcher(parseExpression(pattern));
    expect(yes.filter((text) => !matches(text))).toEqual([]);
    expect(no.filter((text) => matches(text))).toEqual([]);
  });

  test.each([
    ['(?=a)', 'RE2 has no lookahead'],
    ['(?!a)', 'RE2 has no lookahead'],
    ['(?<=a)b', 'RE2 has no lookbehind'],
    ['(?<!a)b', 'RE2 has no lookbehind'],
    ['(a)\\1', 'RE2 has no backreferences such as \\1'],
    ['(?#x)', 'RE2 has no group that begins with (?#x'],
    ['(?>a)', 'RE2 has no group that begins with (?>a'],
    ['(a', 'it has a ( without a )'],
    ['a)', 'it has a ) without a ('],
    ['[a', 'it has a [ without a ]'],
    ['*', 'it repeats nothing'],
    ['a|*', 'it repeats nothing'],
    ['a**', 'it repeats a repetition; use a group'],
    ['a++', 'it repeats a repetition; use a group'],
    ['a{3,2}', 'it has a repetition that is not within 0 to 1000'],
    ['a{1001}', 'it has a repetition that is not within 0 to 1000'],
    ['((a{10}){10}){11}', 'it repeats more than 1000 times'],
    ['[z-a]', 'it has a range whose end is before its start'],
    ['\\', 'it ends in a backslash'],
    ['\\e', 'RE2 has no escape \\e'],
    ['\\Z', 'RE2 has no escape \\Z'],
    ['\\u0041', 'RE2 has no escape \\u'],
    ['\\x{110000}', 'RE2 has no escape \\x'],
    ['\\p{Foo}', 'there is no character class \\p{Foo}'],
    ['[[:foo:]]', 'there is no character class [:foo:]'],
    [`${'('.repeat(1002)}${')'.repeat(1002)}`, 'it is nested too deeply'],
  ])('%j is refused with the reason', (pattern, message) => {
    expect(() => parseExpression(pattern)).toThrow(new ExpressionError(message));
  });

  test('takes no exponential time', () => {
    expect(matcher(parseExpression('^(a+)+$'))(`${'a'.repeat(1000)}b`)).toBe(false);
  });
});

describe('texts for a pattern', () => {
  test.each([
    ['^[a-z]+$', 0, 20],
    ['^[A-Z]{2}-[0-9]{4}$', 0, 7],
    ['^\\+?[1-9][0-9]{1,14}$', 0, 16],
    ['^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$', 0, 254],
    ['^(foo|bar)(-[0-9]+)?$', 0, 10],
    ['^\\p{Lu}\\p{Ll}*$', 0, 5],
    ['', 0, 5],
    ['a', 10, 12],
    ['^.{20,30}$', 0, 64],
    ['^[\\p{Greek}]+$', 3, 10],
    ['^([a-z0-9]+-)*[a-z0-9]+$', 5, 40],
    ['\\S', 0, 1],
  ] as const)('%j from %i to %i characters match, fit and differ', (pattern, shortest, longest) => {
    const texts = matching(pattern, shortest, longest, 5);
    const matches = matcher(parseExpression(pattern));
    expect(texts).toHaveLength(5);
    expect(new Set(texts).size).toBe(5);
    expect(texts.filter((text) => !matches(text) || [...text].length < shortest || [...text].length > longest)).toEqual(
      [],
    );
  });

  test('are fewer where few exist', () => {
    expect(matching('^x$', 0, 10, 5)).toEqual(['x']);
    expect(matching('^[a-z]{5}$', 0, 3, 5)).toEqual([]);
    expect(matching('^`$', 0, 3, 5)).toEqual([]);
  });

  test('that do not match fit too', () => {
    expect(unmatched('^[a-z]+$', 3, 5)).toBe('!!!');
    expect(unmatched('.', 1, 5)).toBeUndefined();
  });
});
