import type { System } from '../../system/system.js';
import { git, gitSays } from '../git.js';
import type { Place } from './place.js';
import type { PullRequestText } from './pull-request-text.js';

/** Trailer that names the tree of a commit of this tool: whoever changed the commit since has another tree. */
const trailer = 'Create-Service-Tree';

/** The last commit of the branch on the remote. */
export interface Tip {
  readonly commit: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** Whether it is as this tool made it; then nobody else's commit is on the branch. */
  readonly isOwn: boolean;
}

/** Fetches the last commit of the branch; undefined when there is no branch yet. */
export async function tipOf({ root, remote, branch, tip }: Place, system: System): Promise<Tip | undefined> {
  if (tip === undefined) return undefined;
  const isShallow = (await gitSays(['rev-parse', '--is-shallow-repository'], root, system))?.trim() === 'true';
  const depth = isShallow ? ['--depth=1'] : [];
  const args = ['fetch', '--quiet', '--no-tags', ...depth, '--', remote, `refs/heads/${branch}`];
  const problem = `cannot fetch ${branch}`;
  await git(args, root, system, { problem });
  // The commit as it is stored: git's log hides parents that a shallow clone does not have.
  const { out } = await git(['cat-file', 'commit', tip], root, system, { problem });
  const tree = /^tree (\w+)$/m.exec(out)?.[1] ?? '';
  const parents = [...(out.split('\n\n')[0] ?? '').matchAll(/^parent (\w+)$/gm)].map(([, id = '']) => id);
  return { commit: tip, tree, parents, isOwn: out.trimEnd().endsWith(`\n${trailer}: ${tree}`) };
}

/** Returns the tree of everything in a directory of a work tree, and of the commit there for the rest. */
export async function treeOf(directory: string, system: System): Promise<string> {
  const problem = 'cannot commit the update';
  await git(['add', '--all', '--', '.'], directory, system, { problem });
  return (await git(['write-tree'], directory, system, { problem })).out.trim();
}

/**
 * Makes a commit of a tree, signed where the repository asks for it, and returns its id.
 *
 * @param parents its parents: the branch so far, then the commit that was updated
 * @throws UserError with code 3 when git knows no author
 */
export async function commit(
  tree: string,
  parents: readonly string[],
  { title, body }: PullRequestText,
  directory: string,
  system: System,
): Promise<string> {
  const isSigned =
    (await gitSays(['config', '--type=bool', '--get', 'commit.gpgSign'], directory, system)) === 'true\n';
  const message = `${title}\n\n${summary(body)}\n\n${trailer}: ${tree}\n`;
  const options = [...parents.flatMap((parent) => ['-p', parent]), ...(isSigned ? ['-S'] : []), '-F', '-'];
  const made = await git(['-c', 'user.useConfigOnly=true', 'commit-tree', tree, ...options], directory, system, {
    problem: 'cannot commit the update',
    hint: 'git config user.name and user.email say who the author is',
    input: message,
  });
  return made.out.trim();
}

/** The first paragraph of the text, which says what happens to how many files. */
function summary(body: string): string {
  return body.split('\n\n')[0] ?? '';
}
