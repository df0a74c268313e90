import { UserError } from '../errors.js';
import type { System } from '../system/system.js';
import { gitSaysSurely, prefixIn } from './git.js';
import { pathsIn, statusArgs } from './git-status.js';
import type { Intent } from './plan-update.js';

/**
 * Refuses to write over what nobody committed: version control could not bring it back. What the tool itself wrote last is
 * no edit, and without a repository there is nothing to compare with.
 *
 * @throws UserError with code 3 that lists the files, or says why git cannot tell
 */
export async function refuseDirty({ plan, service }: Intent, system: System): Promise<void> {
  const { lock, directory } = service;
  const rendered = new Map(lock.files.map(({ path, sha256 }) => [path, sha256]));
  const paths = plan.operations.flatMap(({ path, from = path, renderedAt = path, before, after, verdict }) => {
    const isWritten = after !== undefined || verdict === 'removed';
    return isWritten && before && before.sha256 !== rendered.get(from === path ? renderedAt : from) ? [from] : [];
  });
  if (paths.length === 0) return;
  const status = await gitSaysSurely(statusArgs(paths.map((path) => `:(literal)${path}`)), directory, system, {
    problem: 'cannot see what is committed',
    hint: 'mend that, or give --allow-dirty',
  });
  if (!status) return;
  const dirty = pathsIn(status, (await prefixIn(directory, system)) ?? '');
  throw new UserError(
    `${dirty.length === 1 ? 'one file has' : `${dirty.length} files have`} edits that are not committed`,
    {
      exitCode: 3,
      diagnostics: dirty.map((file) => ({ file, line: 0, column: 0, message: 'the update would write it' })),
      hint: 'commit them, or give --allow-dirty',
    },
  );
}
