import type { Path, Report } from '../problem.js';

/** A name as something writes it, at its place in the manifest. */
export interface Spelling {
  /** What it is, for the message: `field customer_id`. */
  readonly what: string;
  readonly path: Path;
  readonly spelling: string;
}

/** Reports each name whose spelling an earlier one has, naming both. `as` says what they become: `the Go name`. */
export function clashes(spellings: readonly Spelling[], as: string, report: Report): void {
  const first = new Map<string, Spelling>();
  for (const each of spellings) {
    const other = first.get(each.spelling);
    if (!other) first.set(each.spelling, each);
    else if (other.what !== each.what) {
      report(each.path, `${other.what} and ${each.what} both become ${as} ${each.spelling}`, {
        on: 'key',
        other: other.path,
      });
    }
  }
}
