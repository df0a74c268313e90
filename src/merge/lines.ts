/** Returns the lines of a text, each with its line feed; the last may have none. */
export function linesOf(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Tells whether every line of a text ends in CRLF. */
export function usesCrlf(text: string): boolean {
  return /\r\n/.test(text) && !/(^|[^\r])\n/.test(text);
}

/** Returns a text with the line ending: a person's editor may have turned every line, and that is no change of every line. */
export function withEnding(text: string, ending: string): string {
  return ending === '\r\n' ? text.replace(/\r?\n/g, ending) : text;
}

/** A marker begins a line of its own, also after a text without a newline at its end. */
export function ended(lines: readonly string[], ending: string): readonly string[] {
  return lines.map((line) => (line.endsWith('\n') ? line : `${line}${ending}`));
}

/** Returns the line, from 1, of the first marker of a conflict in a text, also when others were taken out already; 0: none. */
export function markerLine(text: string): number {
  const at = text.search(/^(<{7}|\|{7}|>{7}) /m);
  return at < 0 ? 0 : text.slice(0, at).split('\n').length;
}
