/** Returns a name of the manifest as a quoted identifier of MySQL: reserved words work. Names hold no backtick. */
export function sqlName(name: string): string {
  return `\`${name}\``;
}
