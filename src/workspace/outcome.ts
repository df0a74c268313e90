import type { RunResult } from '../system/processes.js';

/**
 * How an update of one service ended.
 *
 * - `unchanged`: there was nothing to write. `changed`: something was written, or would be.
 * - `pushed`, `opened`, `updated`, `left`, `declined`: what became of its pull request.
 * - `drift`: `--check` found some. `conflicts`: some are open.
 * - `failed`: it could not be done.
 */
export type State = (typeof states)[number];

/** Every state, in the order in which they are counted. */
export const states = [
  'unchanged',
  'changed',
  'pushed',
  'opened',
  'updated',
  'left',
  'declined',
  'drift',
  'conflicts',
  'failed',
] as const;

/** What is known of one service afterwards: a line of the report. */
export interface Outcome {
  /** How the list named it. */
  readonly repository: string;
  readonly state: State;
  /** As the command on this service alone would have ended. */
  readonly exitCode: number;
  /** How many files have each verdict. */
  readonly verdicts?: Readonly<Record<string, number>>;
  readonly conflicts?: readonly string[];
  readonly drift?: readonly string[];
  /** Address of the pull request. */
  readonly url?: string;
  /** Why it could not be done. */
  readonly error?: string;
  /** What the command said on standard error. */
  readonly words?: string;
}

/** The parts of `update --json` that count here. */
interface Printed {
  readonly plan?: readonly { readonly verdict: string }[];
  readonly conflicts?: readonly string[];
  readonly drift?: readonly string[];
  readonly pullRequest?: { readonly state: string; readonly url?: string };
  readonly error?: {
    readonly message: string;
    readonly diagnostics?: readonly { readonly file: string; readonly message: string }[];
  };
}

/** Verdicts of files that are written. */
const written = ['create', 'update', 'merge', 'renamed', 'removed'];

/** As many characters of what a command said are kept. */
const mostWords = 1_000;

/** Reads what `update --json` of one service printed. */
export function outcomeOf(repository: string, { code, stdout, stderr }: RunResult): Outcome {
  const printed = parsed(stdout);
  if (!printed || printed.error) {
    return { repository, state: 'failed', exitCode: code, error: errorOf(printed, code, stderr) };
  }
  const { plan = [], conflicts = [], drift = [], pullRequest } = printed;
  const verdicts: Record<string, number> = {};
  for (const { verdict } of plan) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const words = stderr.trim().slice(0, mostWords);
  return {
    repository,
    state: stateOf(printed, code, verdicts),
    exitCode: code,
    verdicts,
    ...(conflicts.length > 0 && { conflicts }),
    ...(drift.length > 0 && { drift }),
    ...(pullRequest?.url !== undefined && { url: pullRequest.url }),
    ...(words !== '' && { words }),
  };
}

function stateOf(
  { conflicts = [], drift = [], pullRequest }: Printed,
  code: number,
  verdicts: Readonly<Record<string, number>>,
): State {
  const proposed = (['pushed', 'opened', 'updated', 'left', 'declined'] as const).find(
    (state) => state === pullRequest?.state,
  );
  if (proposed === 'left' || proposed === 'declined') return proposed;
  if (conflicts.length > 0) return 'conflicts';
  if (code === 1 && drift.length > 0) return 'drift';
  if (proposed) return proposed;
  if (pullRequest?.state === 'none') return 'unchanged';
  return written.some((verdict) => verdicts[verdict]) ? 'changed' : 'unchanged';
}

function errorOf(printed: Printed | undefined, code: number, stderr: string): string {
  if (printed?.error) {
    const { message, diagnostics = [] } = printed.error;
    const [first] = diagnostics;
    return first ? `${message}: ${first.file}: ${first.message}` : message;
  }
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return code > 128 ? `it was ended by signal ${code - 128}${last && ` (${last})`}` : last || `it ended with ${code}`;
}

function parsed(text: string): Printed | undefined {
  try {
    return JSON.parse(text) as Printed;
  } catch {
    return undefined;
  }
}
