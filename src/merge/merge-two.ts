import { hunks } from './hunks.js';
import { ended, linesOf, usesCrlf, withEnding } from './lines.js';
import type { Labels } from './merge-text.js';

/** Merges two texts of which nobody knows where they came from: every difference is a conflict with an empty base. */
export function mergeTwo(ours: string, theirs: string, labels: Labels): string {
  const ending = usesCrlf(ours) ? '\r\n' : '\n';
  const ourLines = linesOf(ours);
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, lines } of hunks(ourLines, linesOf(withEnding(theirs, ending)))) {
    parts.push(...ourLines.slice(at, start), `<<<<<<< ${labels.ours}${ending}`);
    parts.push(...ended(ourLines.slice(start, end), ending), `||||||| ${labels.base}${ending}`, `=======${ending}`);
    parts.push(...ended(lines, ending), `>>>>>>> ${labels.theirs}${ending}`);
    at = end;
  }
  return [...parts, ...ourLines.slice(at)].join('');
}
