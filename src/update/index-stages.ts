import type { Operation } from '../plan/operation.js';
import type { System } from '../system/system.js';
import { gitSays, prefixIn } from './git.js';

/**
 * Writes the three sides of each conflict into git's index, as a merge of git does: then `git status` lists them, `git commit`
 * refuses, and merge tools open. Without a repository it does nothing.
 */
export async function writeStages(conflicts: readonly Operation[], directory: string, system: System): Promise<void> {
  const shown = conflicts.filter(({ sides, after }) => sides && after);
  if (shown.length === 0) return;
  const prefix = await prefixIn(directory, system);
  if (prefix === undefined) return;
  const stages = shown.flatMap(({ path, sides, after }) => {
    const mode = after?.mode === 0o755 ? '100755' : '100644';
    return [sides?.base, sides?.ours, sides?.theirs].flatMap((text, index) =>
      text === undefined ? [] : [{ mode, text, stage: index + 1, path: `${prefix}${path}` }],
    );
  });
  const ids = await writeBlobs(
    stages.map(({ text }) => text),
    directory,
    system,
  );
  if (!ids) return;
  const lines = [
    ...shown.map(({ path }) => `0 ${'0'.repeat(40)}\t${prefix}${path}`),
    ...stages.map(({ mode, stage, path }, index) => `${mode} ${ids[index]} ${stage}\t${path}`),
  ];
  await gitSays(['update-index', '--index-info'], directory, system, `${lines.join('\n')}\n`);
}

/** Writes texts into git's object store, by one process. Returns the id of each; undefined when git fails. */
async function writeBlobs(
  texts: readonly string[],
  directory: string,
  system: System,
): Promise<readonly string[] | undefined> {
  const commands = texts.map(
    (text, index) => `blob\nmark :${index + 1}\ndata ${Buffer.byteLength(text)}\n${text}\nget-mark :${index + 1}\n`,
  );
  const ids = (await gitSays(['fast-import', '--quiet'], directory, system, commands.join('')))?.trim().split('\n');
  return ids?.length === texts.length ? ids : undefined;
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
