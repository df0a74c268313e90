/** Characters that one position of a text may have. */
export interface CharacterClass {
  readonly kind: 'class';
  /** Code points from and to, inclusive. */
  readonly ranges: readonly (readonly [number, number])[];
  /** Unicode properties as JavaScript writes them, such as `\p{L}`. */
  readonly properties: readonly string[];
  /** Classes within the class, such as `\D` in `[\D_]`. */
  readonly classes: readonly CharacterClass[];
  readonly negated: boolean;
  readonly foldCase: boolean;
}

/** A place between characters. */
export interface Assertion {
  readonly kind: 'assertion';
  readonly at: 'start' | 'end' | 'line-start' | 'line-end' | 'word' | 'not-word';
}

/** A regular expression in RE2's syntax, parsed. */
export type Expression =
  | CharacterClass
  | Assertion
  | { readonly kind: 'sequence'; readonly parts: readonly Expression[] }
  | { readonly kind: 'choice'; readonly branches: readonly Expression[] }
  /** `most` is Infinity where there is no limit. */
  | { readonly kind: 'repeat'; readonly body: Expression; readonly least: number; readonly most: number };

/** What is wrong with an expression. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** Reports whether the class has the code point. */
export function inClass(set: CharacterClass, point: number): boolean {
  const points = set.foldCase ? folded(point) : [point];
  const found = points.some((candidate) => isMember(set, candidate));
  return found !== set.negated;
}

function isMember({ ranges, properties, classes }: CharacterClass, point: number): boolean {
  return (
    ranges.some(([from, to]) => from <= point && point <= to) ||
    classes.some((inner) => inClass(inner, point)) ||
    properties.some((property) => new RegExp(`^${property}$`, 'u').test(String.fromCodePoint(point)))
  );
}

function folded(point: number): readonly number[] {
  const text = String.fromCodePoint(point);
  const cases = [text, text.toLowerCase(), text.toUpperCase()].filter((variant) => [...variant].length === 1);
  return [...new Set(cases.map((variant) => variant.codePointAt(0) ?? point))];
}
