import type { Operation, Verdict } from '../../plan/operation.js';
import { version } from '../../version.js';
import type { Update } from '../plan-update.js';
import { isMigration } from '../published.js';
import { counts, order } from '../report-tree.js';

/** What a pull request says. */
export interface PullRequestText {
  readonly title: string;
  /** Markdown, ends with a line feed. */
  readonly body: string;
}

/** A forge refuses a text of more than 65,536 characters: so many paths of a kind are listed, the others are counted. */
const mostPaths = 100;

/**
 * Writes the text of the pull request that brings an update: what happens to how many files, what a person has to do, and
 * which files that is about.
 *
 * @param branch branch of the pull request
 * @param remote name of the remote, for the commands that a person copies
 */
export function pullRequestText(update: Update, branch: string, remote: string): PullRequestText {
  const { plan, service, model, notes } = update;
  const from = service.lock.tool;
  const title =
    from === version ? `Bring ${model.name} to its manifest` : `Update ${model.name} to create-service ${version}`;
  const came = from === version ? `Written by create-service ${version}` : `From create-service ${from} to ${version}`;
  const written = plan.operations.filter(({ after, verdict }) => after !== undefined || verdict === 'removed');
  const groups = groupsOf(plan.operations);
  const sections = [
    `${came}: ${counts(plan)}.`,
    table(['verdict', 'files'], verdictRows(plan.operations)),
    section('To do', todo(groups, branch, remote)),
    section('Conflicts', list(groups.conflicts)),
    section('New migrations', list(groups.migrations)),
    section('Merged with your edits', list(groups.merged)),
    section('Kept as you have it', list(groups.kept)),
    section('Notes', notes.map((note) => `- ${note}`).join('\n')),
    details(`All ${written.length} files`, list(written, true)),
  ];
  return { title, body: `${sections.filter(Boolean).join('\n\n')}\n` };
}

interface Groups {
  readonly conflicts: readonly Operation[];
  readonly migrations: readonly Operation[];
  readonly merged: readonly Operation[];
  readonly kept: readonly Operation[];
}

function groupsOf(operations: readonly Operation[]): Groups {
  const having = (...verdicts: readonly Verdict[]) => operations.filter(({ verdict }) => verdicts.includes(verdict));
  return {
    conflicts: having('conflict'),
    migrations: having('create').filter(({ path }) => isMigration(path)),
    merged: having('merge', 'renamed'),
    kept: operations.filter(({ verdict, reason }) => verdict === 'kept-edited' && reason !== undefined),
  };
}

function todo({ conflicts, migrations, merged }: Groups, branch: string, remote: string): string {
  const items: string[] = [];
  if (conflicts.length > 0) {
    items.push(
      `- [ ] Resolve ${plural(conflicts.length, 'conflict')}. Until then this stays a draft and \`update --check\` fails.`,
      '',
      '      ```sh',
      `      git fetch ${remote} && git switch ${branch}`,
      '      # choose what stays, and take the markers out',
      `      npx create-service@${version} update --continue`,
      '      git commit --all && git push',
      '      ```',
      '',
    );
  }
  if (migrations.length > 0) {
    items.push(`- [ ] Read ${plural(migrations.length, 'new migration')}: it runs before the new program serves.`);
  }
  if (merged.length > 0) {
    items.push(`- [ ] Read ${plural(merged.length, 'merged file')}: your edits and the change are both in there.`);
  }
  return items.length === 0 ? 'Nothing but a review.' : items.join('\n').trim();
}

function verdictRows(operations: readonly Operation[]): readonly (readonly string[])[] {
  return order.flatMap((verdict) => {
    const count = operations.filter((operation) => operation.verdict === verdict).length;
    return count === 0 ? [] : [[verdict, String(count)]];
  });
}

function list(operations: readonly Operation[], withVerdict = false): string {
  const lines = operations.slice(0, mostPaths).map(({ path, from, verdict, reason }) => {
    const was = from === undefined ? '' : ` (was ${code(from)})`;
    const why = withVerdict ? `: ${verdict}` : reason === undefined ? '' : `: ${reason}`;
    return `- ${code(path)}${was}${why}`;
  });
  if (operations.length > mostPaths) lines.push(`- and ${operations.length - mostPaths} more`);
  return lines.join('\n');
}

function section(title: string, text: string): string {
  return text === '' ? '' : `## ${title}\n${text}`;
}

function details(summary: string, text: string): string {
  return text === '' ? '' : `<details><summary>${summary}</summary>\n\n${text}\n\n</details>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), '| --- | ---: |', ...rows.map(line)].join('\n');
}

/** A path of a person may hold what Markdown reads: a longer fence takes it as it is. */
function code(path: string): string {
  const longest = Math.max(0, ...(path.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `\`${path}\`` : `${fence} ${path} ${fence}`;
}

function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
