import { join } from 'node:path';
import type { Catalog } from '../../catalog/catalog.js';
import type { System } from '../../system/system.js';
import { carryOut } from '../carry-out.js';
import { git, gitSays } from '../git.js';
import { openService } from '../open-service.js';
import { planUpdate, type Update, type UpdateOptions } from '../plan-update.js';
import { commit, type Tip, tipOf, treeOf } from './commit.js';
import { type Opened, openOnForge } from './forge.js';
import { mergeRequestOptions, openedByPush } from './gitlab.js';
import { type Place, placeOf } from './place.js';
import { type PullRequestText, pullRequestText } from './pull-request-text.js';

/** What became of an update as a pull request. */
export interface Proposal extends Place {
  /**
   * - `none`: the service is up to date. `shown`: nothing was pushed, because only a look was asked for.
   * - `left`: somebody else's commit is on the branch, which is therefore left alone.
   * - `pushed`: nobody was there to open the pull request. `opened`, `updated`: it is on the forge.
   * - `declined`: somebody closed the pull request of this version.
   */
  readonly state: 'none' | 'shown' | 'left' | Opened['state'];
  readonly update: Update;
  readonly text: PullRequestText;
  readonly url?: string;
}

/** Milliseconds that a push may take: hooks of the repository may run tests. */
const patience = 600_000;

/**
 * Makes the update on a branch of its own, pushes it and opens a pull request. The work is done in a second work tree: the
 * person's branch, index and files are not touched. The branch is never forced: its earlier commits stay, and where one of
 * them is not this tool's, nothing is pushed.
 *
 * @param isShown only says what would be pushed
 * @throws UserError with code 3 when it cannot, with nothing changed but, when the forge refuses, a pushed branch
 */
export async function propose(
  catalog: Catalog,
  options: UpdateOptions,
  isShown: boolean,
  system: System,
): Promise<Proposal> {
  const { directory } = openService(system);
  const place = await placeOf(directory, system);
  const tip = await tipOf(place, system);
  return inWorkTree(place, system, async (tree) => {
    const inside = { ...system, cwd: join(tree, place.prefix) };
    const service = openService(inside);
    const update = await planUpdate(service, service.manifest, catalog, inside, options);
    await carryOut(update, false, inside);
    const text = pullRequestText(update, place.branch, place.remote);
    const facts = { ...place, update, text };
    const written = await treeOf(inside.cwd, inside);
    if (written === (await gitSays(['rev-parse', `${place.head}^{tree}`], tree, system))?.trim()) {
      return { ...facts, state: 'none' };
    }
    if (tip && !tip.isOwn) return { ...facts, state: 'left' };
    if (isShown) return { ...facts, state: 'shown' };
    system.terminal.interrupted.throwIfAborted();
    const isDraft = (update.facts.conflicts ?? []).length > 0;
    const isGitlab = update.model.ci.gitlab;
    const pushOptions = isGitlab ? mergeRequestOptions(place, text, isDraft) : [];
    const link = await push(written, place, tip, text, { inside, options: pushOptions });
    const isForVersion = service.lock.tool !== update.facts.tool;
    const opened = isGitlab ? openedByPush(link) : await openOnForge(place, text, { isDraft, isForVersion }, system);
    return { ...facts, ...(link !== undefined && { url: link }), ...opened };
  });
}

/** Pushes the update unless it is there, and returns the address that the server offers, if it does. */
async function push(
  tree: string,
  { head, remote, branch }: Place,
  tip: Tip | undefined,
  text: PullRequestText,
  { inside, options }: { readonly inside: System; readonly options: readonly string[] },
): Promise<string | undefined> {
  const isBased = tip?.parents.includes(head) === true;
  if (isBased && tip.tree === tree) return undefined;
  const parents = [...(tip ? [tip.commit] : []), ...(isBased ? [] : [head])];
  const made = await commit(tree, parents, text, inside.cwd, inside);
  const pushed = (more: readonly string[]) =>
    git(['push', ...more, '--', remote, `${made}:refs/heads/${branch}`], inside.cwd, inside, {
      problem: `cannot push ${branch} to ${remote}`,
      timeoutMs: patience,
    });
  const { err } = await pushed(options).catch((error: unknown) => {
    // A mirror does not know them.
    if (options.length > 0 && /does not support push options/.test(String(error))) return pushed([]);
    throw error;
  });
  return /^remote:.*?(https?:\/\/\S+)/m.exec(err)?.[1];
}

/** Lends a second work tree at the commit that is checked out. */
async function inWorkTree<T>({ root, head }: Place, system: System, work: (tree: string) => Promise<T>): Promise<T> {
  const { interrupted } = system.terminal;
  return system.scratch(async (scratch) => {
    const tree = join(scratch, 'tree');
    // What a person's hooks do after a checkout is for the person's tree.
    const add = ['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '--quiet', '--detach', tree, head];
    try {
      await git(add, root, system, { problem: 'cannot check the service out beside itself', timeoutMs: patience });
      return await work(tree);
    } catch (error) {
      // Ctrl-C also ends the git that runs: then its failure is not what happened.
      interrupted.throwIfAborted();
      throw error;
    } finally {
      await gitSays(['worktree', 'remove', '--force', tree], root, system);
    }
  });
}
