/** A comment, a string or a rune (skipped), or a name with a dot after it that is no selector itself; `...` selects nothing. */
const token =
  /\/\/.*|\/\*[\s\S]*?\*\/|`[^`]*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'|(?<![\p{L}\p{N}_]|(?<!\.\.)\.)([\p{L}_][\p{L}\p{N}_]*)\s*\./gu;

/** Returns every name of Go code that stands before a dot: packages in use, and variables. */
export function namesBeforeDot(source: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, name] of source.matchAll(token)) if (name !== undefined) names.add(name);
  return names;
}
