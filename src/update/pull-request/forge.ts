import { UserError } from '../../errors.js';
import type { System } from '../../system/system.js';
import { withoutCredentials } from '../../text/credentials.js';
import type { Place } from './place.js';
import type { PullRequestText } from './pull-request-text.js';

/** What became of a pull request on the forge. */
export type Opened =
  | { readonly state: 'opened' | 'updated'; readonly url: string }
  /** Somebody closed it unmerged. */
  | { readonly state: 'declined'; readonly url: string }
  /** There is no `gh`, or the remote is no place that it knows. */
  | { readonly state: 'pushed' };

/** Milliseconds that one call of `gh` may take. */
const patience = 60_000;

interface Listed {
  readonly number: number;
  readonly url: string;
  readonly isDraft: boolean;
  readonly isCrossRepository: boolean;
  readonly state: 'OPEN' | 'CLOSED' | 'MERGED';
  readonly title: string;
}

/** What the forge should know of an update. */
export interface ForForge {
  /** It has conflicts, so nobody may merge it yet. */
  readonly isDraft: boolean;
  /** It brings a newer version, which people may decline by closing it: then the next version is what they are asked about. */
  readonly isForVersion: boolean;
}

/**
 * Opens a pull request with GitHub's `gh`, or gives the open one its new text. One with conflicts is a draft; what a person
 * made a draft stays one, and a version that somebody declined is not offered again.
 *
 * @throws UserError with code 3 when `gh` cannot; the branch is pushed by then, and the next run tries again
 */
export async function openOnForge(
  place: Place,
  { title, body }: PullRequestText,
  { isDraft, isForVersion }: ForForge,
  system: System,
): Promise<Opened> {
  const { branch, base } = place;
  const fields = 'number,url,isDraft,isCrossRepository,state,title';
  const found = await gh(
    ['pr', 'list', '--head', branch, '--base', base, '--state', 'all', '--json', fields],
    place,
    system,
  );
  if (found === undefined) return { state: 'pushed' };
  const own = listed(found).filter(({ isCrossRepository }) => !isCrossRepository);
  const open = own.find(({ state }) => state === 'OPEN');
  const declined = own.find((one) => isForVersion && one.state === 'CLOSED' && one.title === title);
  const text = ['--title', title, '--body-file', '-'];
  if (open) {
    await gh(['pr', 'edit', String(open.number), ...text], place, system, body);
    if (isDraft && !open.isDraft) await gh(['pr', 'ready', String(open.number), '--undo'], place, system);
    return { state: 'updated', url: open.url };
  }
  if (declined) return { state: 'declined', url: declined.url };
  const wanted = ['pr', 'create', '--head', branch, '--base', base, ...text, ...(isDraft ? ['--draft'] : [])];
  const created = await gh(wanted, place, system, body);
  return { state: 'opened', url: created?.trim().split('\n').at(-1) ?? '' };
}

function listed(json: string): readonly Listed[] {
  try {
    return JSON.parse(json) as readonly Listed[];
  } catch {
    throw new UserError('gh pr list did not print JSON', { exitCode: 3, hint: 'a newer gh does: gh --version' });
  }
}

/** Returns what gh prints; undefined when there is none, or it knows no place of this repository. */
async function gh(
  args: readonly string[],
  { root, branch }: Place,
  system: System,
  input = '',
): Promise<string | undefined> {
  const env = { GH_PROMPT_DISABLED: '1', NO_COLOR: '1', GH_NO_UPDATE_NOTIFIER: '1' };
  const result = await system.run('gh', args, { cwd: root, env, timeoutMs: patience, input });
  if (result === 'not-found') return undefined;
  if (result.code === 0) return result.stdout;
  if (/known GitHub host/.test(result.stderr)) return undefined;
  const reason = withoutCredentials(result.stderr).trim().split('\n').slice(0, 3).join('; ');
  throw new UserError(`${branch} is pushed, but gh ${args.slice(0, 2).join(' ')} failed: ${reason}`, {
    exitCode: 3,
    hint: 'open the pull request by hand, or run the command again',
  });
}
