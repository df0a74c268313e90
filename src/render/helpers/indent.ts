/** Returns the text with `prefix` before every line that is not empty. */
export function indent(prefix: string, text: string): string {
  return prefix === '' ? text : text.replace(/^(?=[^\n])/gm, prefix);
}
