/** A part of the argument and the column at which it begins, from 1. */
export interface Token {
  readonly text: string;
  readonly column: number;
}

/** What is wrong with one token. */
export class FlagProblem extends Error {
  override readonly name = 'FlagProblem';
  readonly found: string | undefined;
  readonly allowed: string | undefined;
  readonly hint: string | undefined;

  constructor(message: string, { found, allowed, hint }: { found?: string; allowed?: string; hint?: string } = {}) {
    super(message);
    this.found = found;
    this.allowed = allowed;
    this.hint = hint;
  }
}

/** Splits at blanks that are neither in parentheses nor in double quotes. */
export function tokens(text: string): readonly Token[] {
  const found = text.matchAll(/(?:"(?:[^"\\]|\\.)*"|\([^()]*\)|[^\s])+/g);
  return [...found].map((match) => ({ text: match[0], column: match.index + 1 }));
}
