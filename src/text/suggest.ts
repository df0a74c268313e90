import { distance } from './distance.js';

/** Returns the candidate that was probably meant: at most a third of the letters differ. The first of equals wins. */
export function suggest(typed: string, candidates: Iterable<string>): string | undefined {
  const wanted = typed.slice(0, 80).toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const cost = distance(wanted, candidate.toLowerCase());
    if (cost < least) [best, least] = [candidate, cost];
  }
  return best;
}
