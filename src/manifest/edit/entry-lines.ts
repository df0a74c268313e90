import { yamlString } from '../../text/quote.js';
import type { ManifestResource } from '../grammar.js';
import { flow, resourceLines } from '../manifest-text.js';

/**
 * Returns the lines of a new entry: a resource in its own form, everything else on one line, with the keys above it that are
 * missing.
 *
 * @param path all keys of the entry
 * @param from how many of them are there already
 * @param indent of the first key that is missing
 * @param column where values begin beside it; 0: after one blank
 */
export function entryLines(
  path: readonly string[],
  from: number,
  value: unknown,
  indent: string,
  column = 0,
): readonly string[] {
  const [key = '', ...below] = path.slice(from);
  if (path[0] === 'resources' && path.length - from <= 2 && from < 2 && path.length === 2) {
    const lines = resourceLines({ [path[1] ?? '']: value as ManifestResource });
    const shift = from === 1 ? indent.slice(2) : indent;
    const body = from === 1 ? lines.map((line) => `${shift}${line}`) : lines.map((line) => `${indent}${line}`);
    return from === 1 ? body : [`${indent}resources:`, ...body];
  }
  const name = `${indent}${yamlString(key)}:`;
  if (below.length === 0) return [`${name.padEnd(Math.max(column - 1, 0))} ${flow(value)}`];
  return [name, ...entryLines(path, from + 1, value, `${indent}  `)];
}
