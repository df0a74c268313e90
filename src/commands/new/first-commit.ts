import type { RunResult } from '../../system/processes.js';
import type { System } from '../../system/system.js';
import { enclosingRepository } from './enclosing-repository.js';

/** What became of the git repository. `detail` is a sentence for the person. */
export interface GitOutcome {
  readonly state: 'committed' | 'not-asked' | 'inside-repository' | 'no-git' | 'not-committed';
  readonly detail: string;
}

/** Variables that would point git at another repository, as they do inside a git hook. */
const foreign = { GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };

/** Milliseconds that one git command may take. Signing a commit can ask for a passphrase, which takes a person a while. */
const patience = 60_000;

/**
 * Makes a repository and its first commit, unless the directory lies in one already. It never invents an author: where
 * git has no user.name and user.email, the files are staged and the person is told. A failure is not an error, because
 * the service is already complete.
 */
export async function firstCommit(directory: string, system: System): Promise<GitOutcome> {
  const git = (...args: readonly string[]) =>
    system.run('git', args, { cwd: directory, env: foreign, timeoutMs: patience });

  const started = await git('init', '--quiet');
  if (started === 'not-found') return { state: 'no-git', detail: 'git is not installed, so there is no repository.' };
  if (started.code !== 0) return failed('git init', started);
  const branch = await git('config', '--get', 'init.defaultBranch');
  if (succeeded(branch) === undefined) await git('symbolic-ref', 'HEAD', 'refs/heads/main');

  const added = await git('add', '--all');
  if (!succeeded(added)) return failed('git add', added);
  const commit = ['commit', '--quiet', '--message', 'Add the service as generated'];
  const committed = await git('-c', 'user.useConfigOnly=true', ...commit);
  if (succeeded(committed)) return { state: 'committed', detail: 'Made a git repository and its first commit.' };
  const { state, detail } = failed('git commit', committed);
  return { state, detail: `${detail} Everything is staged: when git knows you, type git commit.` };
}

/** Says why there will be no repository, or returns undefined when there will be one. */
export function withoutRepository(wanted: boolean, directory: string, system: System): GitOutcome | undefined {
  if (!wanted) return { state: 'not-asked', detail: '' };
  const repository = enclosingRepository(directory, system.files);
  if (repository === undefined) return undefined;
  return { state: 'inside-repository', detail: `Lies in the git repository ${repository}; commit it there.` };
}

function succeeded(result: RunResult | 'not-found'): RunResult | undefined {
  return result !== 'not-found' && result.code === 0 ? result : undefined;
}

function failed(what: string, result: RunResult | 'not-found'): GitOutcome {
  const reason = result === 'not-found' ? 'git is gone' : (result.stderr.trim().split('\n').at(-1) ?? '');
  return { state: 'not-committed', detail: `${what} failed: ${reason}.` };
}
