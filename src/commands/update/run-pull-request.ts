import { loadCatalog } from '../../catalog/load.js';
import type { Input } from '../../command.js';
import { withProgress } from '../../system/progress.js';
import type { System } from '../../system/system.js';
import type { UpdateOptions } from '../../update/plan-update.js';
import { type Proposal, propose } from '../../update/pull-request/propose.js';
import { reportJson } from '../../update/report-json.js';
import { version } from '../../version.js';

/** Brings the update as a pull request, and says what became of it. Returns 1 when it has conflicts. */
export async function runPullRequest(input: Input, options: UpdateOptions, system: System): Promise<number> {
  const isShown = input.options.dryRun === true;
  const work = propose(await loadCatalog(), options, isShown, system);
  const proposal = await withProgress('Preparing the pull request', work, system);
  const { state, branch, base, remote, url, text, update } = proposal;
  const exitCode = Number(state !== 'left' && state !== 'declined' && (update.facts.conflicts ?? []).length > 0);
  if (input.json) {
    const pullRequest = { state, remote, branch, base, url, ...text };
    system.terminal.out(reportJson(update.plan, update.drift, { exitCode, pullRequest }));
  } else if (state === 'shown' || state === 'pushed') {
    system.terminal.out(`${text.title}\n\n${text.body}`);
  } else if (url !== undefined) {
    system.terminal.out(`${url}\n`);
  }
  system.terminal.err(words(proposal));
  return exitCode;
}

function words({ state, branch, base, remote, url, update }: Proposal): string {
  const conflicts = update.facts.conflicts ?? [];
  const listed = conflicts.map((path) => `  ${path}\n`).join('');
  const open = listed === '' ? '' : `Conflicts:\n${listed}`;
  const draft = listed === '' ? '' : ', a draft';
  switch (state) {
    case 'none':
      return `${open}Nothing to do: ${base} is as create-service ${version} writes it.\n`;
    case 'left':
      return `${branch} has commits that are not create-service's, so it is left alone. Merge it, or delete it and run this again.\n`;
    case 'shown':
      return `${open}Nothing was pushed.\n`;
    case 'pushed':
      return `${open}The update is at ${remote}, on ${branch}. Open the pull request${draft}${url === undefined ? '' : ` at ${url}`}; its text is above.\n`;
    case 'declined':
      return `${open}Somebody closed the pull request of this version, so it is not opened again; the branch is ${branch}.\n`;
    default:
      return `${open}The pull request${draft} is ${state}.\n`;
  }
}
