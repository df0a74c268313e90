import { type Palette, palette } from '../../system/colour.js';
import { progressBar } from '../../system/progress-bar.js';
import type { System } from '../../system/system.js';
import { type Outcome, type State, states } from '../../workspace/outcome.js';

/** What a person, or a program, reads while many services are updated. Nothing of it is kept but counts. */
export interface FleetOutput {
  add(outcome: Outcome, seconds: number): void;
  /** Says that no more is begun. */
  readonly stopping: () => void;
  /** Ends the output; what was not added by then was not done. */
  end(exitCode: number): void;
}

/**
 * Returns the output of a run: on standard output a line for each service, or one JSON document that grows entry by entry; on
 * standard error a bar, when it is a terminal, and how it ended.
 *
 * @param total how many services there are to do
 * @param before how many an earlier run did
 */
export async function fleetOutput(json: boolean, total: number, before: number, system: System): Promise<FleetOutput> {
  const { terminal } = system;
  const colours = await palette(system, 'out');
  const bar = progressBar(total, system);
  const counts = new Map<State, number>();
  let done = 0;
  if (json) terminal.out('{\n  "repositories": [');
  const say = (text: string) => bar.around(() => terminal.err(text));
  return {
    add: (outcome, seconds) => {
      const text = json
        ? `${done === 0 ? '' : ','}\n    ${JSON.stringify({ ...outcome, seconds })}`
        : line(outcome, seconds, colours);
      done++;
      counts.set(outcome.state, (counts.get(outcome.state) ?? 0) + 1);
      bar.around(() => terminal.out(text));
      bar.step(countsText(counts));
    },
    stopping: () => say('Finishing what was begun; Ctrl-C again ends at once.\n'),
    end: (exitCode) => {
      bar.end();
      const summary = { exitCode, done, before, left: total - done, states: Object.fromEntries(counts) };
      if (json) terminal.out(`${done === 0 ? '' : '\n  '}],\n  "summary": ${JSON.stringify(summary)}\n}\n`);
      terminal.err(ending(summary, countsText(counts)));
    },
  };
}

interface Summary {
  readonly exitCode: number;
  readonly done: number;
  readonly before: number;
  readonly left: number;
}

function ending({ exitCode, done, before, left }: Summary, counted: string): string {
  const lines = [`${done} done${counted === '' ? '' : `: ${counted}`}`];
  if (before > 0) lines.push(`${before} were done before, says the report; delete it to do them again`);
  if (exitCode === 130) lines.push(`Interrupted; ${left} are left. With --report the same command goes on there`);
  return lines.map((text) => `${text}.\n`).join('');
}

function line(
  { repository, state, verdicts = {}, conflicts, drift, url, error }: Outcome,
  seconds: number,
  colours: Palette,
): string {
  const counted = Object.entries(verdicts)
    .filter(([verdict]) => verdict !== 'unchanged' && verdict !== 'ejected')
    .map(([verdict, count]) => `${count} ${verdict}`);
  const details =
    error ?? url ?? (conflicts ?? (state === 'drift' ? drift : undefined))?.join(' ') ?? counted.join(', ');
  const coloured = colourOf(state, colours)(state.padEnd(10));
  return `${coloured} ${repository}  ${details === '' ? '' : `${details}  `}${colours.dim(`${seconds.toFixed(1)} s`)}\n`;
}

function colourOf(state: State, { red, green, cyan, dim }: Palette): (text: string) => string {
  if (state === 'failed' || state === 'conflicts' || state === 'drift') return red;
  if (state === 'unchanged' || state === 'left' || state === 'declined') return dim;
  return state === 'changed' ? green : cyan;
}

function countsText(counts: ReadonlyMap<State, number>): string {
  return states.flatMap((state) => (counts.has(state) ? [`${counts.get(state)} ${state}`] : [])).join(', ');
}
