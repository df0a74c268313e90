import { describe, expect, it } from 'vitest';
import { gofmt } from '../../../test/support/go-tools.js';
import { hostileStrings } from '../../../test/support/hostile-strings.js';
import { goComment } from './go-comment.js';

describe('goComment', () => {
  it('wraps words and indents the lines after the first', () => {
    expect(goComment('word '.repeat(45), 1).split('\n\t')).toEqual([
      `// ${'word '.repeat(20).trim()}`,
      `// ${'word '.repeat(20).trim()}`,
      '// word word word word word',
    ]);
  });

  it('makes one paragraph of many', () => {
    expect(goComment('a\n\n\tb */ c\r\nd')).toBe('// a b */ c d');
  });

  it('is left as it is by gofmt, as doc comment of a package, a type, a field and a function', () => {
    const texts = hostileStrings().filter((text) => goComment(text) !== '');
    const declarations = texts.map(
      (text, i) =>
        `${goComment(text)}\ntype T${i} struct {\n\t${goComment(text, 1)}\n\tA int\n}\n\n// F${i} is it: ${goComment(text).slice(3)}\nfunc F${i}() {}\n`,
    );
    const file = `${goComment('Package x')}\npackage x\n\n${declarations.join('\n')}`;
    expect(gofmt(file)).toBe(file);
  });
});
