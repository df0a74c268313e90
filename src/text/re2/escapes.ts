import { type CharacterClass, ExpressionError } from './node.js';

type Ranges = CharacterClass['ranges'];

const digits: Ranges = [[0x30, 0x39]];
const letters: Ranges = [
  [0x41, 0x5a],
  [0x61, 0x7a],
];
const wordCharacters: Ranges = [...digits, ...letters, [0x5f, 0x5f]];
const spaces: Ranges = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
];

/** Classes by letter; the capital is the opposite. They are ASCII, unlike JavaScript's `\s`. */
const perl: Readonly<Record<string, Ranges>> = { d: digits, w: wordCharacters, s: spaces };

/** Classes of `[[:name:]]`. */
const posix: Readonly<Record<string, Ranges>> = {
  alnum: [...digits, ...letters],
  alpha: letters,
  ascii: [[0, 0x7f]],
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  digit: digits,
  graph: [[0x21, 0x7e]],
  lower: [[0x61, 0x7a]],
  print: [[0x20, 0x7e]],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  upper: [[0x41, 0x5a]],
  word: wordCharacters,
  xdigit: [...digits, [0x41, 0x46], [0x61, 0x66]],
};

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

/** Returns a class of these ranges. */
export function classOf(
  ranges: Ranges,
  { negated = false, foldCase = false, properties = [] as readonly string[] } = {},
): CharacterClass {
  return { kind: 'class', ranges, properties, classes: [], negated, foldCase };
}

/** Reads `\d` or `\pL` at the start of `rest`: the class and how much it takes; undefined when it is neither. */
export function classEscape(rest: string): { readonly set: CharacterClass; readonly length: number } | undefined {
  const letter = rest.charAt(1);
  const ranges = Object.hasOwn(perl, letter.toLowerCase()) ? perl[letter.toLowerCase()] : undefined;
  if (ranges) return { set: classOf(ranges, { negated: letter !== letter.toLowerCase() }), length: 2 };
  const match = /^\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))/.exec(rest);
  if (!match) return undefined;
  const [whole, kind, not, long, short] = match;
  const negated = (kind === 'P') !== (not === '^');
  return { set: classOf([], { negated, properties: [property(long ?? short ?? '')] }), length: whole.length };
}

/** Reads `[:alpha:]` at the start of `rest`. */
export function posixClass(rest: string): { readonly set: CharacterClass; readonly length: number } | undefined {
  const match = /^\[:(\^?)([a-z]+):\]/.exec(rest);
  if (!match) return undefined;
  const [whole, not, name = ''] = match;
  const ranges = Object.hasOwn(posix, name) ? posix[name] : undefined;
  if (!ranges) throw new ExpressionError(`there is no character class ${whole}`);
  return { set: classOf(ranges, { negated: not === '^' }), length: whole.length };
}

/** Reads an escaped character at the start of `rest`: the code point and how much it takes. */
export function characterEscape(rest: string): { readonly point: number; readonly length: number } {
  const letter = rest.charAt(1);
  if (letter === '') throw new ExpressionError('it ends in a backslash');
  if (Object.hasOwn(controls, letter)) return { point: controls[letter] ?? 0, length: 2 };
  const octal = /^\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest);
  if (octal) return { point: Number.parseInt(octal[1] ?? '', 8), length: octal[0].length };
  if (/[1-9]/.test(letter)) throw new ExpressionError(`RE2 has no backreferences such as \\${letter}`);
  const hex = /^\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})/.exec(rest);
  const point = Number.parseInt(hex?.[1] ?? hex?.[2] ?? '', 16);
  if (hex && point <= 0x10ffff) return { point, length: hex[0].length };
  if (/^[!-/:-@[-`{-~]$/.test(letter)) return { point: letter.charCodeAt(0), length: 2 };
  throw new ExpressionError(`RE2 has no escape \\${letter}`);
}

/** RE2 names a general category or a script; JavaScript wants to know which. */
function property(name: string): string {
  for (const candidate of [`\\p{${name}}`, `\\p{Script=${name}}`]) {
    if (
      candidate.length < 7
        ? /^(C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?)$/.test(name)
        : isKnown(candidate)
    )
      return candidate;
  }
  throw new ExpressionError(`there is no character class \\p{${name}}`);
}

function isKnown(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp && source.includes('=');
  } catch {
    return false;
  }
}
