import type { Receipt } from '../apply/receipt.js';
import type { Operation, Plan } from '../plan/operation.js';

/** One path of a report, without the texts, which are as large as the service. */
export type BriefOperation = Pick<Operation, 'path' | 'verdict' | 'class' | 'owner' | 'reason' | 'from' | 'renderedAt'>;

/** Returns a plan without its texts. */
export function briefly({ operations }: Plan): readonly BriefOperation[] {
  return operations.map(({ path, verdict, class: ownership, owner, reason, from, renderedAt }) => ({
    path,
    verdict,
    class: ownership,
    owner,
    reason,
    from,
    renderedAt,
  }));
}

/** Returns the report of a run as one JSON document. */
export function reportJson(
  plan: Plan,
  drift: readonly string[],
  more: { readonly receipt?: Receipt; readonly pullRequest?: object; readonly exitCode: number },
): string {
  const conflicts = plan.operations.filter(({ verdict }) => verdict === 'conflict').map(({ path }) => path);
  return `${JSON.stringify({ ...more, conflicts, drift, plan: briefly(plan) }, undefined, 2)}\n`;
}
