/**
 * Returns the name, or where it is longer than `longest` its start and a hash of the whole, so that two long names
 * with the same start stay apart. FNV-1a, 32 bits: names of one service are few.
 */
export function bounded(name: string, longest: number): string {
  if (name.length <= longest) return name;
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return `${name.slice(0, longest - 9)}_${hash.toString(16).padStart(8, '0')}`;
}
