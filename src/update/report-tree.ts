import type { Operation, Plan, Verdict } from '../plan/operation.js';
import type { Palette } from '../system/colour.js';

/** Verdicts that a person wants to see file by file; the others are only counted. */
const listed: readonly Verdict[] = ['create', 'update', 'merge', 'conflict', 'removed', 'renamed'];

/** Every verdict, in the order in which reports count them. */
export const order: readonly Verdict[] = [...listed, 'kept-edited', 'skipped-deleted', 'ejected', 'unchanged'];

/** Returns what a run does, as a tree of files with their verdicts, and a line of counts at its end. */
export function planTree(plan: Plan, palette: Palette, details?: (operation: Operation) => string): string {
  const shown = plan.operations.filter(({ verdict, reason }) => listed.includes(verdict) || reason !== undefined);
  const lines: string[] = [];
  let folder: readonly string[] = [];
  for (const operation of shown) {
    const names = operation.path.split('/');
    const parents = names.slice(0, -1);
    for (const [depth, name] of parents.entries()) {
      if (folder.slice(0, depth + 1).join('/') === parents.slice(0, depth + 1).join('/')) continue;
      lines.push(palette.dim(`${'  '.repeat(depth + 1)}${name}/`));
    }
    folder = parents;
    lines.push(fileLine(operation, names.at(-1) ?? '', parents.length + 1, palette));
    const more = details?.(operation);
    if (more) lines.push(more.replace(/\n$/, ''));
  }
  const sum = shown.length === 0 ? `Up to date: ${counts(plan)}` : counts(plan);
  return `${[...lines, sum].join('\n')}\n`;
}

/** Returns how many files have each verdict: `2 create, 1 conflict, 120 unchanged`. */
export function counts({ operations }: Plan): string {
  const found = order.flatMap((verdict) => {
    const count = operations.filter((operation) => operation.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  return found.join(', ');
}

function fileLine(
  { verdict, reason, from, renderedAt }: Operation,
  name: string,
  depth: number,
  palette: Palette,
): string {
  const colour = colourOf(verdict, palette);
  const notes = [from && `was ${from}`, renderedAt && `rendered as ${renderedAt}`, reason].filter(Boolean).join('; ');
  const head = `${'  '.repeat(depth)}${name}`;
  return `${head.padEnd(44)} ${colour(verdict)}${notes === '' ? '' : `  ${palette.dim(notes)}`}`;
}

function colourOf(verdict: Verdict, { red, green, cyan, dim }: Palette): (text: string) => string {
  if (verdict === 'conflict') return red;
  if (verdict === 'create') return green;
  return verdict === 'removed' || verdict === 'kept-edited' ? dim : cyan;
}
