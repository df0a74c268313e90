import { UserError } from '../errors.js';
import type { System } from '../system/system.js';
import type { Outcome } from './outcome.js';

/** What was asked for: lines of another question do not count as done. */
export interface Question {
  /** Such as `update --pr`. */
  readonly command: string;
  /** Version of the tool. */
  readonly tool: string;
}

/** A line of the report. */
export interface Line extends Outcome, Question {
  /** How long it took. */
  readonly seconds: number;
}

/** A report on the disk, one JSON object a line, to which each service is added when it is done. */
export interface FleetReport {
  /** Names of the services that an earlier run did: this one leaves them out. */
  readonly done: ReadonlySet<string>;
  add(line: Line): void;
}

/** Returns a report that goes nowhere and remembers nothing. */
export function noReport(): FleetReport {
  return { done: new Set(), add: () => {} };
}

/**
 * Opens a report, which need not exist. A line that a killed process left half written counts as none.
 *
 * @param path absolute
 * @throws UserError with code 2 for a file that is no report: it would be written over
 */
export function fleetReport(path: string, question: Question, { files }: Pick<System, 'files'>): FleetReport {
  const bytes = files.read(path);
  const text = bytes ? Buffer.from(bytes).toString('utf8') : '';
  const lines = text.split('\n').filter((line) => line !== '');
  const read = lines.map(lineOf);
  if (lines.length > 0 && read.every((line) => line === undefined))
    throw new UserError(`--report: ${path} is no report`);
  const done = new Set<string>();
  for (const line of read) {
    if (line?.command !== question.command || line.tool !== question.tool) continue;
    if (isDone(line)) done.add(line.repository);
    else done.delete(line.repository);
  }
  let gap = text === '' || text.endsWith('\n') ? '' : '\n';
  return {
    done,
    add: (line) => {
      files.append(path, `${gap}${JSON.stringify(line)}\n`);
      gap = '';
    },
  };
}

/** Findings are an answer; a failure is none, and is tried again. */
export function isDone({ state }: Pick<Outcome, 'state'>): boolean {
  return state !== 'failed';
}

function lineOf(text: string): Line | undefined {
  try {
    const line = JSON.parse(text) as Partial<Line> | null;
    return typeof line?.repository === 'string' && typeof line.state === 'string' ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}
