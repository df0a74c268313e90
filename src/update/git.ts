import type { System } from '../system/system.js';

/** Variables that would point git at another repository, as they do inside a git hook. */
const foreign = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };

/** Milliseconds that one git command may take. */
const patience = 60_000;

/** Runs git in a directory. Returns what it prints, or undefined when there is no git, no repository, or it fails. */
export async function gitSays(
  args: readonly string[],
  directory: string,
  system: System,
  input = '',
): Promise<string | undefined> {
  const result = await system.run('git', args, { cwd: directory, env: foreign, timeoutMs: patience, input });
  return result === 'not-found' || result.code !== 0 ? undefined : result.stdout;
}
