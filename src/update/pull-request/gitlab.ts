import type { Opened } from './forge.js';
import type { Place } from './place.js';
import type { PullRequestText } from './pull-request-text.js';

/**
 * Returns the options of a `git push` that make GitLab open a merge request, or give the open one its new title; its
 * description is the commit's message. One with conflicts is a draft.
 *
 * Source: https://docs.gitlab.com/topics/git/commit/#push-options-for-merge-requests
 */
export function mergeRequestOptions({ base }: Place, { title }: PullRequestText, isDraft: boolean): readonly string[] {
  const options = ['create', `target=${base}`, `title=${title}`, 'remove_source_branch', ...(isDraft ? ['draft'] : [])];
  return options.flatMap((option) => ['--push-option', `merge_request.${option}`]);
}

/**
 * Says what became of the merge request.
 *
 * @param url the address that GitLab offered: that of the merge request, or of the form in which a person makes one
 */
export function openedByPush(url: string | undefined): Opened {
  const isOpen = url !== undefined && /\/merge_requests\/\d+/.test(url);
  return isOpen ? { state: 'opened', url } : { state: 'pushed' };
}
