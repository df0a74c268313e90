import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { goRun } from '../../test/support/go-tools.js';
import { hostileStrings } from '../../test/support/hostile-strings.js';
import {
  comment,
  dockerString,
  goString,
  json,
  mdText,
  oneLine,
  protoString,
  shell,
  sqlString,
  yamlString,
} from './quote.js';

const strings = hostileStrings();
/** No parser reads half a surrogate pair, and no UTF-8 file can hold one. */
const wellFormed = strings.map((text) => text.toWellFormed());

/** Whatever a quoting helper returns stands on one line and shows nothing that it does not say. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unseen = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\ufeff]|\p{Surrogate}/u;

describe('goString', () => {
  it('is read back by Go as the same string', { timeout: 60_000 }, () => {
    const list = strings.map((text) => `${goString(text)},\n`).join('');
    const program = `package main\nimport ("encoding/hex"; "fmt")\nfunc main() {\nfor _, s := range []string{\n${list}} {\nfmt.Println(hex.EncodeToString([]byte(s)))\n}\n}\n`;
    const read = goRun(program).split('\n').slice(0, -1);
    expect(read.map((line) => Buffer.from(line, 'hex').toString('utf8'))).toEqual(wellFormed);
  });
});

describe('yamlString', () => {
  it.each(['1.1', '1.2'] as const)(
    'is read back as the same string, alone, in a list, a flow and as a key, by YAML %s',
    (version) => {
      const read = (text: string) => parse(text, { version });
      for (const text of strings) {
        const quoted = yamlString(text);
        const expected = text.toWellFormed();
        expect(read(quoted)).toBe(expected);
        expect(read(`a:\n  - ${quoted}\n  - {x: ${quoted}, z: [${quoted}]}\n`)).toEqual({
          a: [expected, { x: expected, z: [expected] }],
        });
      }
    },
  );

  it.each([
    ['team-commerce', 'team-commerce'],
    ['a/b.c', 'a/b.c'],
    ['no', '"no"'],
    ['1.5', '"1.5"'],
    ['', '""'],
    ['a b', '"a b"'],
    ['v1', 'v1'],
  ])('writes %j as %s', (text, quoted) => {
    expect(yamlString(text)).toBe(quoted);
  });
});

describe('shell', () => {
  it('is one word with the same text to sh, without what no argument can hold', () => {
    const words = strings.map(shell).join(' ');
    const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${words}`], { encoding: 'utf8' });
    expect(printed.split('\0').slice(0, -1)).toEqual(wellFormed.map((text) => text.replaceAll('\0', '')));
  });
});

describe('json', () => {
  it('is read back as the same value', () => {
    expect(JSON.parse(json(strings))).toEqual(strings);
    expect(JSON.parse(json({ a: [1, true, 'x'] }))).toEqual({ a: [1, true, 'x'] });
  });
});

describe('sqlString', () => {
  it('is one literal with the same text by the escapes of MySQL', () => {
    for (const text of strings) expect(readSQL(sqlString(text))).toBe(text.toWellFormed());
  });
});

describe('protoString', () => {
  it('is one literal with the same text by the escapes of protobuf', () => {
    for (const text of strings) expect(readC(protoString(text))).toBe(text.toWellFormed());
  });
});

describe('dockerString', () => {
  it('is one string without a variable, line breaks as spaces', () => {
    for (const text of strings) {
      const quoted = dockerString(text);
      expect(quoted).toMatch(/^"(?:[^"\\$]|\\["\\$])*"$/);
      expect(quoted.slice(1, -1).replace(/\\(.)/g, '$1')).toBe(oneLine(text));
    }
  });
});

describe('mdText', () => {
  it.each([
    ['max_open_orders (a-b) {c} #1', 'max_open_orders (a-b) {c} #1'],
    ['a | b\nc *d* _e_', 'a \\| b c \\*d\\* \\_e\\_'],
    ['- x', '\\- x'],
    ['12. x', '12\\. x'],
  ])('writes %j as %s', (text, shown) => {
    expect(mdText(text)).toBe(shown);
  });

  it('escapes whatever Markdown would read as more than text', () => {
    for (const text of strings) {
      const shown = mdText(text);
      const meaning = /[\\`*[<|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|^([-+=#>]|\d+[.)])/;
      expect(shown.replace(/\\[^A-Za-z0-9\s]/g, 'E')).not.toMatch(meaning);
      expect(shown.replace(/\\([^A-Za-z0-9\s])/g, '$1')).toBe(oneLine(text));
    }
  });
});

it.each([
  ['goString', goString] as const,
  ['yamlString', yamlString] as const,
  ['json', json] as const,
  ['protoString', protoString] as const,
  ['dockerString', dockerString] as const,
  ['mdText', mdText] as const,
  ['comment', comment] as const,
])('%s stays on one line and hides nothing', (_, quote) => {
  for (const text of strings) expect(quote(text)).not.toMatch(unseen);
});

it('sqlString stays on one line', () => {
  for (const text of strings) expect(sqlString(text)).not.toMatch(/[\r\n\0]/);
});

function readSQL(literal: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', 0: '\0', Z: '\u001a', '\\': '\\' };
  expect(literal).toMatch(/^'(?:[^'\\]|''|\\.)*'$/s);
  return literal
    .slice(1, -1)
    .replace(/''|\\(.)/gs, (_, escaped: string | undefined) =>
      escaped === undefined ? "'" : (escapes[escaped] ?? escaped),
    );
}

function readC(literal: string): string {
  expect(literal).toMatch(/^"(?:[^"\\]|\\.)*"$/);
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
  const bytes = [...literal.slice(1, -1).matchAll(/\\x(..)|\\(.)|([^\\]+)/gs)].map(([, byte, named, plain = '']) =>
    byte === undefined ? Buffer.from(named === undefined ? plain : (escapes[named] ?? '?')) : Buffer.from(byte, 'hex'),
  );
  return Buffer.concat(bytes).toString('utf8');
}
