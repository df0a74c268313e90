import { describe, expect, test } from 'vitest';
import { head, known, order, problems } from './testing/text.js';

/** What is wrong, the manifest, and a line for each problem. */
type Case = readonly [name: string, text: string | Uint8Array, ...lines: string[]];

function refuses(cases: readonly Case[]): void {
  test.each(cases)('%s', (_, text, ...lines) => {
    expect(problems(text, known)).toEqual(lines);
  });
}

const snake = 'lower-case letters, digits and underscores, beginning with a letter, at most 40 characters';

describe('what is not one YAML document of text', () => {
  refuses([
    ['nothing', '', '1:1: the manifest is empty'],
    ['only a comment', '# nothing\n', '1:1: the manifest is empty'],
    ['two documents', `${head}---\na: 1\n`, '5:1: the manifest has a second document; one is allowed'],
    ['a binary file', 'a\0b', '1:2: the manifest holds a NUL character: this is a binary file (found U+0000)'],
    ['invalid UTF-8', new Uint8Array([0x61, 0xff]), 'the manifest is not UTF-8 text (allowed UTF-8)'],
    [
      'a control character',
      `${head}description: a\u0007b\n`,
      '5:15: the manifest holds a control character (found U+0007)',
    ],
    [
      'an escaped control character',
      `${head}description: "a\\u0007b"\n`,
      '5:14: description: the text holds a control character (found "a\\u0007b"; allowed text of at most 1000 characters)',
    ],
    [
      'a character that turns text around',
      `${head}description: "a\\u202eb"\n`,
      '5:14: description: the text holds a character that reverses the reading direction, which hides text (found "a‮b"; allowed text of at most 1000 characters)',
    ],
    [
      'carriage return',
      `${head}description: "a\\rb"\n`,
      '5:14: description: the text holds a carriage return (found "a\\rb"; allowed text of at most 1000 characters)',
    ],
    [
      'half a character',
      `${head}description: "\\uD800"\n`,
      '5:14: description: the text holds a code point that is no character (found "\\ud800"; allowed text of at most 1000 characters)',
    ],
    ['too large', `#${'x'.repeat(1 << 20)}`, 'the manifest is too large (found 1048577 bytes; allowed 1048576 bytes)'],
    [
      'tab indentation',
      `${head}resources:\n\torder: {}\n`,
      '6:1: this is not YAML: tabs are not allowed as indentation',
    ],
    ['open quote', `${head}description: "x\n`, '6:1: this is not YAML: missing closing "quote'],
    [
      'a colon in plain text',
      `${head}description: a: b\n`,
      '5:14: this is not YAML: nested mappings are not allowed in compact mappings',
    ],
    ['anchor', `${head}description: &x y\n`, '5:17: anchors are not allowed: write the value out (found &x)'],
    ['alias', `${head}description: *x\n`, '5:14: aliases are not allowed: write the value out (found *x)'],
    ['merge key', `${head}config:\n  <<: {}\n`, '6:3: merge keys are not allowed: write the keys out'],
    [
      'alias bomb',
      `a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n`,
      '1:7: anchors are not allowed: write the value out (found &a)',
      '2:7: anchors are not allowed: write the value out (found &b)',
      '2:8: aliases are not allowed: write the value out (found *a)',
      '2:11: aliases are not allowed: write the value out (found *a)',
      '3:7: anchors are not allowed: write the value out (found &c)',
      '3:8: aliases are not allowed: write the value out (found *b)',
      '3:11: aliases are not allowed: write the value out (found *b)',
    ],
    [
      'a tag of YAML',
      `${head}description: !!str 1\n`,
      '5:20: tags are not allowed: a type follows from the key (found !!str)',
    ],
    [
      'a tag of its own',
      `${head}description: !x 1\n`,
      '5:17: tags are not allowed: a type follows from the key (found !x)',
    ],
    ['another version of YAML', `%YAML 1.1\n---\n${head}`, '1:1: a manifest is YAML 1.2 (found %YAML 1.1)'],
    ['deep nesting', `${'['.repeat(5000)}`, '1:65: this is not YAML: it is nested too deeply'],
    ['a list', '- a\n', '1:1: the manifest has the wrong type (found a list; allowed a map of keys)'],
    ['a text', 'hello\n', '1:1: the manifest has the wrong type (found hello; allowed a map of keys)'],
    ['duplicate key', `${head}name: again\n`, '5:1: name is there twice (the other is on line 2)'],
    [
      'duplicate nested',
      order('a: { type: bool }\na: { type: uuid }'),
      '10:7: resources.order.fields.a is there twice (the other is on line 9)',
    ],
    [
      'non-text key',
      `${head}config:\n  1: {}\n  null: {}\n  ? [a]\n  : {}\n`,
      '6:3: a key must be text (found 1, a number; write "1")',
      '7:3: a key must be text (found nothing; write "null")',
      '8:5: a key must be text (found a list)',
    ],
    [
      '__proto__ as a key',
      `${head}config:\n  __proto__: { type: bool, description: x }\n`,
      `6:3: this is not a snake_case name (found __proto__; allowed ${snake}; did you mean proto?)`,
    ],
  ]);
});
