import { UserError } from '../../errors.js';
import { digest } from '../../lock/digest.js';
import type { System } from '../../system/system.js';
import { git, gitSays } from '../git.js';
import { pathsIn, statusArgs } from '../git-status.js';

/** Where the branch of a pull request begins and where it goes. */
export interface Place {
  /** Top of the repository, absolute. */
  readonly root: string;
  /** The service's folder in it, with a slash at its end; empty when it is the whole repository. */
  readonly prefix: string;
  readonly remote: string;
  /** Branch that the pull request is for. */
  readonly base: string;
  /** Its last commit, here and on the remote. */
  readonly head: string;
  /** Branch of the pull request. */
  readonly branch: string;
  /** Last commit of that branch on the remote; absent: there is none yet. */
  readonly tip?: string;
}

/**
 * Returns the name of the branch that updates of a service come on: whatever the version, so that there is one at a time.
 *
 * @param prefix the service's folder in the repository
 * @param base the branch that is updated, unless it is the usual one of the remote
 */
export function branchFor(prefix: string, base?: string): string {
  const onto = base === undefined ? '' : `-onto/${base}`;
  const place = prefix.replace(/\/$/, '');
  const folder = place.replace(/[^\w/.-]+/g, '-');
  // What git does not take in the name of a branch.
  const allowed = folder.replace(/(^|\/)\.+|\.+(?=\/|$)|\.(?=\.)|\.lock(?=\/|$)/g, '$1');
  // Two folders that look alike then are not alike.
  const apart = allowed === place ? '' : `-${digest(place).slice(0, 8)}`;
  return `create-service/update${onto}${place === '' ? '' : `-in/${allowed}${apart}`}`;
}

/**
 * Finds out where an update shall be pushed. Reads only.
 *
 * @throws UserError with code 3 when the directory is in no repository, has edits that are not committed, has no remote, or
 * is not at the commit that the remote has: then a pull request would hold more than the update
 */
export async function placeOf(directory: string, system: System): Promise<Place> {
  const problem = 'a pull request needs a git repository';
  const shown = await git(['rev-parse', '--show-toplevel', '--show-prefix'], directory, system, { problem });
  const [root = '', prefix = ''] = shown.out.split('\n');
  await refuseUncommitted(directory, prefix, system);
  const head = (await gitSays(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], directory, system))?.trim();
  if (!head) throw new UserError('the repository has no commit yet', { exitCode: 3, hint: 'commit and push first' });
  const local = (await gitSays(['symbolic-ref', '--quiet', '--short', 'HEAD'], directory, system))?.trim();
  const { remote, upstream } = await remoteOf(local, directory, system);
  const heads = await headsOf(remote, upstream, directory, system);
  const base = upstream ?? heads.usual;
  if (base === undefined) {
    throw new UserError('no branch is checked out', {
      exitCode: 3,
      hint: `git switch the branch that is to be updated`,
    });
  }
  const branch = branchFor(prefix, base === (heads.usual ?? base) ? undefined : base);
  if (base.startsWith('create-service/update')) {
    const hint = `git switch the branch that it shall be merged into`;
    throw new UserError(`${base} is checked out, the branch of a pull request itself`, { exitCode: 3, hint });
  }
  if (heads.commits.get(base) !== head) throw differs(base, remote, heads.commits.has(base));
  const tip = heads.commits.get(branch);
  return { root, prefix, remote, base, head, branch, ...(tip !== undefined && { tip }) };
}

async function refuseUncommitted(directory: string, prefix: string, system: System): Promise<void> {
  const { out } = await git(statusArgs(['.']), directory, system, { problem: 'cannot see what is committed' });
  const paths = pathsIn(out, prefix);
  if (paths.length === 0) return;
  throw new UserError(`${paths.length === 1 ? 'one file is' : `${paths.length} files are`} not committed`, {
    exitCode: 3,
    diagnostics: paths.map((file) => ({
      file,
      line: 0,
      column: 0,
      message: 'it would be missing in the pull request',
    })),
    hint: 'commit and push, or stash them',
  });
}

/** The remote and the branch there that the checked-out one follows. */
async function remoteOf(
  local: string | undefined,
  directory: string,
  system: System,
): Promise<{ readonly remote: string; readonly upstream?: string }> {
  const setting = async (name: string) =>
    (await gitSays(['config', '--get', `branch.${local}.${name}`], directory, system))?.trim();
  const configured = local === undefined ? undefined : await setting('remote');
  const names = ((await gitSays(['remote'], directory, system)) ?? '').split('\n').filter(Boolean);
  const usual = names.includes('origin') || names.length !== 1 ? 'origin' : names[0];
  const remote = [configured, usual].find((name) => name !== undefined && names.includes(name));
  if (remote === undefined) {
    throw new UserError('there is no remote to push to', { exitCode: 3, hint: 'git remote add origin URL' });
  }
  if (local === undefined) return { remote };
  const followed = configured === remote ? (await setting('merge'))?.replace(/^refs\/heads\//, '') : undefined;
  return { remote, upstream: followed || local };
}

interface Heads {
  /** The branch that the remote's HEAD names. */
  readonly usual?: string;
  /** Last commits by branch. */
  readonly commits: ReadonlyMap<string, string>;
}

async function headsOf(
  remote: string,
  upstream: string | undefined,
  directory: string,
  system: System,
): Promise<Heads> {
  const base = upstream === undefined ? [] : [`refs/heads/${upstream}`];
  const asked = ['ls-remote', '--symref', '--', remote, 'HEAD', ...base, 'refs/heads/create-service/*'];
  const { out } = await git(asked, directory, system, { problem: `cannot reach ${remote}` });
  const commits = new Map<string, string>();
  let usual: string | undefined;
  let commitOfHead: string | undefined;
  for (const line of out.split('\n')) {
    const [value = '', name = ''] = line.split('\t');
    if (value.startsWith('ref: refs/heads/') && name === 'HEAD') usual = value.slice('ref: refs/heads/'.length);
    else if (name === 'HEAD') commitOfHead = value;
    else if (name.startsWith('refs/heads/')) commits.set(name.slice('refs/heads/'.length), value);
  }
  if (usual !== undefined && commitOfHead !== undefined && !commits.has(usual)) commits.set(usual, commitOfHead);
  return { ...(usual !== undefined && { usual }), commits };
}

function differs(base: string, remote: string, isThere: boolean): UserError {
  const message = isThere ? `${base} is not what ${remote} has` : `${remote} has no branch ${base}`;
  return new UserError(message, {
    exitCode: 3,
    hint: 'pull or push first: the pull request holds the update and nothing else',
  });
}
