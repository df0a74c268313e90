import type { Operation } from '../plan/operation.js';
import type { System } from '../system/system.js';
import { gitSays } from './git.js';

/**
 * Writes the three sides of each conflict into git's index, as a merge of git does: then `git status` lists them, `git commit`
 * refuses, and merge tools open. Without a repository it does nothing.
 */
export async function writeStages(conflicts: readonly Operation[], directory: string, system: System): Promise<void> {
  const shown = conflicts.filter(({ sides, after }) => sides && after);
  if (shown.length === 0) return;
  const prefix = (await gitSays(['rev-parse', '--show-prefix'], directory, system))?.trim();
  if (prefix === undefined) return;
  const lines: string[] = [];
  for (const { path, sides, after } of shown) {
    const mode = after?.mode === 0o755 ? '100755' : '100644';
    lines.push(`0 ${'0'.repeat(40)}\t${prefix}${path}`);
    for (const [index, text] of [sides?.base, sides?.ours, sides?.theirs].entries()) {
      if (text === undefined) continue;
      const id = (await gitSays(['hash-object', '-w', '--stdin'], directory, system, text))?.trim();
      if (id !== undefined) lines.push(`${mode} ${id} ${index + 1}\t${prefix}${path}`);
    }
  }
  await gitSays(['update-index', '--index-info'], directory, system, `${lines.join('\n')}\n`);
}

/** Tells git that conflicts are resolved. */
export async function markResolved(paths: readonly string[], directory: string, system: System): Promise<void> {
  if (paths.length > 0) await gitSays(['add', '--', ...paths.map((path) => `:(literal)${path}`)], directory, system);
}

/** Takes the sides of conflicts out of git's index again, for files that are what they were before. */
export async function forgetStages(paths: readonly string[], directory: string, system: System): Promise<void> {
  if (paths.length === 0) return;
  const literal = paths.map((path) => `:(literal)${path}`);
  const unmerged = (await gitSays(['ls-files', '--unmerged', '-z', '--', ...literal], directory, system)) ?? '';
  const found = new Set(unmerged.split('\0').flatMap((line) => line.split('\t')[1] ?? []));
  const open = [...found].map((path) => `:(literal)${path}`);
  if (open.length > 0) await gitSays(['reset', '--quiet', '--', ...open], directory, system);
}
