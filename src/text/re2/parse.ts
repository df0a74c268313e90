import { characterEscape, classEscape, classOf, posixClass } from './escapes.js';
import { type Assertion, type CharacterClass, type Expression, ExpressionError } from './node.js';

/** Flags that `(?ims)` switches. */
interface Flags {
  readonly foldCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** Source: regexp/syntax, maxHeight and maxRepeat. */
const deepest = 1000;
const mostRepeats = 1000;

/** Parses an expression in the syntax of Go's regexp package; throws an {@link ExpressionError} that says what is not. */
export function parseExpression(source: string): Expression {
  const parser = new Parser(source);
  const expression = parser.choice({ foldCase: false, multiline: false, dotAll: false }, 0);
  if (!parser.isAtEnd()) throw new ExpressionError('it has a ) without a (');
  if (repeats(expression) > mostRepeats) throw new ExpressionError(`it repeats more than ${mostRepeats} times`);
  return expression;
}

/** A class because it holds the position; every method reads one construct and stops behind it. */
class Parser {
  private offset = 0;
  private flags: Flags = { foldCase: false, multiline: false, dotAll: false };

  constructor(private readonly source: string) {}

  isAtEnd(): boolean {
    return this.offset >= this.source.length;
  }

  /** Reads up to the `)` that closes the group, or to the end. */
  choice(flags: Flags, depth: number): Expression {
    if (depth > deepest) throw new ExpressionError('it is nested too deeply');
    const outer = this.flags;
    this.flags = flags;
    const branches = [this.sequence(depth)];
    while (this.take('|')) branches.push(this.sequence(depth));
    this.flags = outer;
    return branches.length === 1 && branches[0] ? branches[0] : { kind: 'choice', branches };
  }

  private sequence(depth: number): Expression {
    const parts: Expression[] = [];
    while (!this.isAtEnd() && !this.sees('|') && !this.sees(')')) {
      const quoted = this.take('\\Q') ? this.quoted() : undefined;
      const atom = quoted ? quoted.pop() : this.atom(depth);
      parts.push(...(quoted ?? []));
      if (atom) parts.push(this.repeated(atom));
    }
    return { kind: 'sequence', parts };
  }

  /** Reads one thing that may be repeated; undefined where only flags were set. */
  private atom(depth: number): Expression | undefined {
    if (this.take('(')) return this.group(depth);
    if (this.take('[')) return this.set();
    if (this.take('.')) return classOf(this.flags.dotAll ? [] : [[10, 10]], { negated: true });
    if (this.take('^')) return assertion(this.flags.multiline ? 'line-start' : 'start');
    if (this.take('$')) return assertion(this.flags.multiline ? 'line-end' : 'end');
    if (/^([*+?]|\{\d+(,\d*)?\})/.test(this.rest())) throw new ExpressionError('it repeats nothing');
    return this.sees('\\') ? this.escape() : this.literal(this.next());
  }

  private escape(): Expression {
    const places: Readonly<Record<string, Assertion['at']>> = { A: 'start', z: 'end', b: 'word', B: 'not-word' };
    const place = places[this.source.charAt(this.offset + 1)];
    if (place) {
      this.offset += 2;
      return assertion(place);
    }
    const found = classEscape(this.rest());
    if (!found) return this.literal(this.escapedPoint());
    this.offset += found.length;
    return found.set;
  }

  private group(depth: number): Expression | undefined {
    const special = /^\?(?:P?<(\w+)>|([imsU]*(?:-[imsU]+)?)([:)]))/.exec(this.rest());
    if (this.sees('?') && !special) throw new ExpressionError(unsupportedGroup(this.rest()));
    this.offset += special?.[0].length ?? 0;
    const flags = switched(this.flags, special?.[2] ?? '');
    if (special?.[3] === ')') {
      this.flags = flags;
      return undefined;
    }
    const body = this.choice(flags, depth + 1);
    if (!this.take(')')) throw new ExpressionError('it has a ( without a )');
    return body;
  }

  private set(): CharacterClass {
    const negated = this.take('^');
    const members = { ranges: [] as [number, number][], classes: [] as CharacterClass[] };
    for (let first = true; first || !this.sees(']'); first = false) {
      if (this.isAtEnd()) throw new ExpressionError('it has a [ without a ]');
      this.member(members);
    }
    this.take(']');
    return { kind: 'class', ...members, properties: [], negated, foldCase: this.flags.foldCase };
  }

  private member({ ranges, classes }: { ranges: [number, number][]; classes: CharacterClass[] }): void {
    const found = posixClass(this.rest()) ?? (this.sees('\\') ? classEscape(this.rest()) : undefined);
    if (found) {
      this.offset += found.length;
      classes.push(found.set);
      return;
    }
    const from = this.point();
    const isRange = this.sees('-') && !/^-(\]|$)/.test(this.rest());
    if (isRange) this.offset += 1;
    const to = isRange ? this.point() : from;
    if (to < from) throw new ExpressionError('it has a range whose end is before its start');
    ranges.push([from, to]);
  }

  private repeated(atom: Expression): Expression {
    const match = /^(?:([*+?])|\{(\d{1,6})(?:(,)(\d{0,6}))?\})\??/.exec(this.rest());
    if (!match) return atom;
    this.offset += match[0].length;
    if (/^([*+?]|\{\d+(,\d*)?\})/.test(this.rest())) throw new ExpressionError('it repeats a repetition; use a group');
    const [, sign, low, comma, high] = match;
    const least = sign ? (sign === '+' ? 1 : 0) : Number(low);
    const most = sign ? (sign === '?' ? 1 : Number.POSITIVE_INFINITY) : limit(least, comma, high);
    if (least > mostRepeats || (most > mostRepeats && most !== Number.POSITIVE_INFINITY) || most < least) {
      throw new ExpressionError(`it has a repetition that is not within 0 to ${mostRepeats}`);
    }
    return { kind: 'repeat', body: atom, least, most };
  }

  /** A repetition behind `\E` is one of the last character. */
  private quoted(): Expression[] {
    const end = this.source.indexOf('\\E', this.offset);
    const text = this.source.slice(this.offset, end < 0 ? undefined : end);
    this.offset = end < 0 ? this.source.length : end + 2;
    return [...text].map((character) => this.literal(character.codePointAt(0) ?? 0));
  }

  private literal(point: number): CharacterClass {
    return classOf([[point, point]], { foldCase: this.flags.foldCase });
  }

  private point(): number {
    return this.sees('\\') ? this.escapedPoint() : this.next();
  }

  private escapedPoint(): number {
    const { point, length } = characterEscape(this.rest());
    this.offset += length;
    return point;
  }

  private next(): number {
    const point = this.source.codePointAt(this.offset);
    if (point === undefined) throw new ExpressionError('it ends too early');
    this.offset += point > 0xffff ? 2 : 1;
    return point;
  }

  private rest(): string {
    return this.source.slice(this.offset);
  }

  private sees(text: string): boolean {
    return this.source.startsWith(text, this.offset);
  }

  private take(text: string): boolean {
    const seen = this.sees(text);
    if (seen) this.offset += text.length;
    return seen;
  }
}

function limit(least: number, comma: string | undefined, high: string | undefined): number {
  if (!comma) return least;
  return high ? Number(high) : Number.POSITIVE_INFINITY;
}

function assertion(at: Assertion['at']): Assertion {
  return { kind: 'assertion', at };
}

function switched(flags: Flags, letters: string): Flags {
  const [on = '', off = ''] = letters.split('-');
  const value = (letter: string, before: boolean) => (before || on.includes(letter)) && !off.includes(letter);
  return {
    foldCase: value('i', flags.foldCase),
    multiline: value('m', flags.multiline),
    dotAll: value('s', flags.dotAll),
  };
}

function unsupportedGroup(rest: string): string {
  if (/^\?<?[=!]/.test(rest)) return `RE2 has no ${rest.startsWith('?<') ? 'lookbehind' : 'lookahead'}`;
  return `RE2 has no group that begins with (${rest.slice(0, 3)}`;
}

/** Returns how often the most repeated part may come, counting unbounded repetition as its least. */
function repeats(expression: Expression): number {
  switch (expression.kind) {
    case 'sequence':
      return Math.max(1, ...expression.parts.map(repeats));
    case 'choice':
      return Math.max(1, ...expression.branches.map(repeats));
    case 'repeat': {
      const { least, most } = expression;
      return Math.max(1, most === Number.POSITIVE_INFINITY ? least : most) * repeats(expression.body);
    }
    default:
      return 1;
  }
}
