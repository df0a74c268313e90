import { UserError } from '../errors.js';
import type { Operation } from '../plan/operation.js';
import type { System } from '../system/system.js';
import { gitSays } from './git.js';

/**
 * Refuses to take files for deleted that a sparse checkout leaves out: they would miss the change for good.
 *
 * @throws UserError with code 3 that lists the files
 */
export async function refuseSparse(operations: readonly Operation[], directory: string, system: System): Promise<void> {
  const missing = operations.flatMap(({ path, verdict }) =>
    verdict === 'skipped-deleted' ? [`:(literal)${path}`] : [],
  );
  if (missing.length === 0) return;
  const listed = (await gitSays(['ls-files', '-t', '-z', '--', ...missing], directory, system)) ?? '';
  const left = listed.split('\0').flatMap((line) => (line.startsWith('S ') ? [line.slice(2)] : []));
  if (left.length === 0) return;
  throw new UserError(`${left.length === 1 ? 'one file is' : `${left.length} files are`} not checked out`, {
    exitCode: 3,
    diagnostics: left.map((file) => ({ file, line: 0, column: 0, message: 'the sparse checkout leaves it out' })),
    hint: 'git sparse-checkout disable, then run this again',
  });
}
