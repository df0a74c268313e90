import { UserError } from '../errors.js';
import type { FileMode, OwnershipClass } from './catalog.js';

/** A line of `ownership:` in component.yaml: the files whose path matches, and what they are. */
export interface OwnershipRule {
  /** `*` stands for any part of one segment, `**` for any number of segments. */
  readonly glob: string;
  readonly class: OwnershipClass;
  readonly mode: FileMode;
}

/**
 * Returns class and mode of a file: those of the first rule that matches.
 *
 * @param path path in the service, variables as they are written
 * @throws UserError naming the template when no rule matches
 */
export function ownershipOf(
  path: string,
  rules: readonly OwnershipRule[],
  source: string,
): { readonly class: OwnershipClass; readonly mode: FileMode } {
  const rule = rules.find(({ glob }) => matches(path, glob));
  if (rule) return { class: rule.class, mode: rule.mode };
  const message = `no line of ownership: in component.yaml matches ${path}`;
  throw new UserError(message, { diagnostics: [{ file: source, line: 0, column: 0, message }] });
}

/** Reports whether a path matches a glob of `*` and `**`. */
export function matches(path: string, glob: string): boolean {
  const pattern = glob
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*\*|\*/g, (stars) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' })[stars] ?? stars);
  return new RegExp(`^${pattern}$`).test(path);
}
