import type { LeftOut } from './proto-go.js';

/** Returns what a person reads about Go that could not be generated: one line, with its line feed. */
export function leftOutText({ reason, placeholders }: LeftOut): string {
  const [first, ...others] = placeholders.map(({ path }) => path);
  const files = others.length === 0 ? first : `${first} and ${others.length} more`;
  return `Left out: ${files}, because WebAssembly cannot run here: ${reason}. Write them with: make proto-generate\n`;
}
