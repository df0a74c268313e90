import { matcher } from './match.js';
import { type CharacterClass, type Expression, inClass } from './node.js';
import { parseExpression } from './parse.js';

/** How far the search for texts goes before it gives up. */
const tries = 400;

/**
 * Returns up to `count` different printable texts without a backtick (they land in Go's raw strings) that match the
 * pattern, of `shortest` to `longest` characters. The
 * search follows the pattern's own structure; it finds none for patterns that few texts match for other reasons, such
 * as `a\Bb\b.`, and a manifest with such a pattern is refused.
 */
export function matching(pattern: string, shortest: number, longest: number, count: number): readonly string[] {
  const expression = parseExpression(pattern);
  const matches = matcher(expression);
  const fits = (text: string) => [...text].length >= shortest && [...text].length <= longest;
  const found = new Set<string>();
  for (let n = 0; n < tries && found.size < count; n++) {
    const plain = generated(expression, n, 0);
    const longer = [generated(expression, n, n % (longest + 1)), plain.padEnd(shortest, 'x')];
    const candidates = [plain, ...longer, `${plain}${n}`.padEnd(shortest, 'x')];
    const text = candidates.find((each) => fits(each) && !found.has(each) && isUsable(each) && matches(each));
    if (text !== undefined) found.add(text);
  }
  return [...found];
}

/** Returns a printable text of `shortest` to `longest` characters that does not match, if one is found. */
export function unmatched(pattern: string, shortest: number, longest: number): string | undefined {
  const matches = matcher(parseExpression(pattern));
  const lengths = [Math.max(1, shortest), shortest, Math.min(longest, 12), longest];
  const texts = lengths.flatMap((length) => [...'!~ 0aZ'].map((character) => character.repeat(length)));
  return texts.find((text) => text.length <= longest && text.length >= shortest && !matches(text));
}

/** Returns the text that the expression's structure gives for a number: each number makes other choices. */
function generated(expression: Expression, n: number, extra: number): string {
  switch (expression.kind) {
    case 'class':
      return character(expression, n);
    case 'assertion':
      return '';
    case 'sequence':
      return expression.parts.map((part, index) => generated(part, n + index, extra)).join('');
    case 'choice': {
      const branch = expression.branches[n % expression.branches.length];
      return branch ? generated(branch, Math.floor(n / expression.branches.length), extra) : '';
    }
    case 'repeat': {
      const times = Math.min(expression.most, Math.max(expression.least, Math.min(1, expression.most)) + extra, 1024);
      return Array.from({ length: times }, (_, index) => generated(expression.body, n + index, 0)).join('');
    }
  }
}

/** Letters and digits first, then the rest of printable ASCII, then the class's own first characters. */
const preferred = [
  ...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.@+/ :,;!#$%&()*=?[]{}|~<>^\'"\\',
];

function character(set: CharacterClass, n: number): string {
  const ascii = preferred.filter((candidate) => inClass(set, candidate.codePointAt(0) ?? 0));
  if (ascii.length > 0) return ascii[n % ascii.length] ?? '';
  const own = set.ranges.flatMap(([from, to]) => [from, Math.min(from + 1, to), to]);
  const beyond = [...own, 0xe9, 0x3b1, 0x416, 0x5d0, 0x6241, 0x4e2d, 0x1f600].filter(
    (point) => isShown(point) && inClass(set, point),
  );
  const point = beyond[n % beyond.length];
  return point === undefined ? '' : String.fromCodePoint(point);
}

function isUsable(text: string): boolean {
  return !text.includes('`') && [...text].every((each) => isShown(each.codePointAt(0) ?? 0));
}

function isShown(point: number): boolean {
  return !/^[\p{C}\p{Zl}\p{Zp}]$/u.test(String.fromCodePoint(point));
}
