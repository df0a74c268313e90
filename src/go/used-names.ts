/** Comments, strings and runes of Go. */
const text = /\/\/.*|\/\*[\s\S]*?\*\/|`[^`]*`|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'/g;

/** Returns Go source without what is in comments and quotes: a space stands for each. */
export function withoutText(source: string): string {
  return source.replace(text, ' ');
}

/**
 * Reports whether Go code without text selects something of a name, as in `name.Field`: what every use of an imported
 * package looks like. Written by hand and not as a pattern, because it runs over every line that is generated.
 */
export function selectsFrom(code: string, name: string): boolean {
  for (let at = code.indexOf(name); at >= 0; at = code.indexOf(name, at + 1)) {
    if (startsName(code, at) && dotFollows(code, at + name.length)) return true;
  }
  return false;
}

/** Between a name and its dot, Go allows white space. */
function dotFollows(code: string, end: number): boolean {
  let at = end;
  while (code[at] === ' ' || code[at] === '\t' || code[at] === '\n') at++;
  return code[at] === '.';
}

/** A name starts where no letter, digit or selecting dot is before; the dots of `...` select nothing. */
function startsName(code: string, at: number): boolean {
  const before = code[at - 1] ?? ' ';
  if (before === '.') return code.slice(at - 3, at) === '...';
  return !/[\w\u0080-\uffff]/.test(before);
}
