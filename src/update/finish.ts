import type { Input } from '../command.js';
import { leftOutText } from '../derive/left-out-text.js';
import { palette } from '../system/colour.js';
import type { System } from '../system/system.js';
import { carryOut } from './carry-out.js';
import type { Intent } from './plan-update.js';
import { reportJson } from './report-json.js';
import { planTree } from './report-tree.js';
import { coloured, unifiedDiff } from './unified-diff.js';

/**
 * Carries an update out, or only shows it (`--dry-run`, `--check`), and reports it. Every command that changes a service ends
 * with it.
 *
 * @returns the exit code: 1 when conflicts are open, or `--check` found drift
 */
export async function finish(update: Intent, input: Input, system: System): Promise<number> {
  const { options, json } = input;
  const isOnlyShown = options.check === true || options.dryRun === true;
  const { plan, drift, facts, leftOut } = update;
  if (leftOut) system.terminal.err(leftOutText(leftOut));
  const text = json ? '' : await humanText(update, options.diff === true, system);
  const receipt = isOnlyShown ? undefined : await carryOut(update, options.allowDirty === true, system);
  const conflicts = facts.conflicts ?? [];
  const exitCode = options.check === true ? Number(drift.length > 0) : Number(conflicts.length > 0);
  if (json) system.terminal.out(reportJson(plan, drift, { exitCode, ...(receipt && { receipt }) }));
  else system.terminal.out(text);
  for (const path of receipt?.kept ?? []) system.terminal.err(`What somebody wrote meanwhile is at ${path}\n`);
  const words = wordsAbout(update, options.check === true, isOnlyShown);
  if (words !== '') system.terminal.err(words);
  return exitCode;
}

async function humanText({ plan, service }: Intent, withDiff: boolean, system: System): Promise<string> {
  const colours = await palette(system, 'out');
  if (!withDiff) return planTree(plan, colours);
  return planTree(plan, colours, (operation) => coloured(unifiedDiff(operation, service.directory, system), colours));
}

function wordsAbout({ drift, facts, notes, plan }: Intent, isCheck: boolean, isOnlyShown: boolean): string {
  const lines = [...notes];
  const orphans = plan.operations.filter(({ verdict, reason }) => verdict === 'kept-edited' && reason !== undefined);
  if (orphans.length > 0) {
    lines.push(
      'Kept, because they were edited; what they call may be gone:',
      ...orphans.map(({ path }) => `  ${path}`),
    );
  }
  const { conflicts = [] } = facts;
  if (isCheck && drift.length > 0) {
    lines.push('Drift:', ...drift.map((path) => `  ${path}`), 'create-service update brings them back.');
  } else if (conflicts.length > 0) {
    lines.push(isOnlyShown ? 'Conflicts would be:' : 'Conflicts:', ...conflicts.map((path) => `  ${path}`));
    lines.push('Resolve them, then run: create-service update --continue');
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
