import { describe, expect, it } from 'vitest';
import { gofmt } from '../../../test/support/go-tools.js';
import { alignColumns } from './go-align.js';

const file = (body: string) => `package x\n\n${body}`;

describe('alignColumns', () => {
  it('sets columns one space after the widest cell', () => {
    expect(alignColumns('a\tb\nlonger\tc\n')).toBe('a      b\nlonger c\n');
  });

  it.each([
    [
      'fields with tags',
      'type T struct {\n\tA\tint\t`json:"a"`\n\tLongName\ttime.Duration\t`json:"long_name"`\n\tB\tstring\t`json:"b"`\n}\n',
    ],
    [
      'fields of which some have tags',
      'type T struct {\n\tA\tint\t`x`\n\tLong\tmap[string]int\n\tEvenLonger\tstring\t`y`\n\tB\tinterface{}\t`z`\n}\n',
    ],
    [
      'doc comments between fields',
      'type T struct {\n\t// A is it.\n\tA\tint\n\t// LongName is it.\n\tLongName\tint\n\tLongerName\tstring\n\tC\tstring\n}\n',
    ],
    ['blank lines between fields', 'type T struct {\n\tA\tint\n\tLongName\tint\n\n\tC\tint\n\tDD\tint\n}\n'],
    ['constants', 'const (\n\tA\tT\t= "a"\n\tLongName\tT\t= "b"\n)\n'],
    ['constants without a type', 'const (\n\tA\t= "a"\n\tLongName\t= "b"\n)\n'],
    ['keyed literals', 'var x = T{\n\tA:\t1,\n\tLongName:\t2,\n\n\tB:\t3,\n}\n'],
    [
      'nested literals',
      'var x = T{\n\tA:\t1,\n\tInner: U{\n\t\tB:\t1,\n\t\tLonger:\t2,\n\t},\n\tC:\t3,\n\tLongest:\t4,\n}\n',
    ],
    ['trailing comments', 'var (\n\ta\t= 1\t// one\n\tlonger\t= 22\t// two\n)\n'],
    ['characters of several bytes', 'var x = map[string]int{\n\t"é":\t1,\n\t"日本":\t2,\n\t"abc":\t3,\n}\n'],
  ])('gives what gofmt gives: %s', (_, body) => {
    const aligned = file(alignColumns(body));
    expect(gofmt(aligned)).toBe(aligned);
  });

  it('keeps text without cells', () => {
    const body = '\tfor {\n\t\treturn\n\t}\n\n';
    expect(alignColumns(body)).toBe(body);
  });

  it('puts no space at the end of a line', () => {
    expect(alignColumns('a\t\nlong\tx\n')).toBe('a\nlong x\n');
  });
});
