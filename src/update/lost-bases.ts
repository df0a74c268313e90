import { digest } from '../lock/digest.js';
import { basePath } from '../lock/lock.js';
import type { BaseEntry, Disk } from '../plan/operation.js';
import type { System } from '../system/system.js';
import { gitSays } from './git.js';

/** How many commits back a lost text is looked for. */
const mostCommits = 100;

/**
 * Finds the texts of managed files whose merge base is gone, in the history of version control: a base that somebody deleted,
 * or a commit in which the file was still as it was rendered. What is not found stays without a text.
 */
export async function withLostBases(
  base: readonly BaseEntry[],
  disk: Disk,
  directory: string,
  system: System,
): Promise<readonly BaseEntry[]> {
  const edited = new Map(disk.entries.map((entry) => [entry.path, entry.sha256]));
  const needsOne = (entry: BaseEntry) =>
    entry.class === 'managed' &&
    entry.body === undefined &&
    edited.has(entry.at ?? entry.path) &&
    edited.get(entry.at ?? entry.path) !== entry.sha256;
  const found: BaseEntry[] = [];
  for (const entry of base) {
    const body = needsOne(entry) ? await textInHistory(entry, directory, system) : undefined;
    found.push(body === undefined ? entry : { ...entry, body });
  }
  return found;
}

/** Returns a text that a file of the service had in some commit, by its digest; undefined when none is found. */
export async function textInHistory(
  { path, sha256 }: Pick<BaseEntry, 'path' | 'sha256'>,
  directory: string,
  system: System,
): Promise<string | undefined> {
  for (const place of [`${basePath}/${path}`, path]) {
    const log = ['log', `--max-count=${mostCommits}`, '--format=%H', '--', place];
    const commits = (await gitSays(log, directory, system))?.split('\n').filter(Boolean) ?? [];
    for (const commit of commits) {
      const text = await gitSays(['show', `${commit}:./${place}`], directory, system);
      if (text !== undefined && digest(text) === sha256) return text;
    }
  }
  return undefined;
}
