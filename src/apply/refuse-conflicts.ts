import { UserError } from '../errors.js';
import type { Plan } from '../plan/operation.js';

/**
 * Refuses a plan that cannot be carried out without loss.
 *
 * @param open paths whose conflict the lock remembers: nothing is written there
 * @throws UserError with code 3 that lists every path with a conflict for which no text with markers exists
 */
export function refuseConflicts({ operations }: Plan, open: readonly string[] = []): void {
  const conflicts = operations.filter(
    ({ path, verdict, after }) => verdict === 'conflict' && after === undefined && !open.includes(path),
  );
  if (conflicts.length === 0) return;
  const count = conflicts.length === 1 ? 'one file' : `${conflicts.length} files`;
  throw new UserError(`${count} would be overwritten`, {
    exitCode: 3,
    diagnostics: conflicts.map(({ path, reason = 'it differs' }) => ({
      file: path,
      line: 0,
      column: 0,
      message: reason,
    })),
    hint: 'move them away, or make them equal to what would be written',
  });
}
