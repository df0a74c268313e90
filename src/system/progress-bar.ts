import type { System } from './system.js';

/** Milliseconds before it appears, and between two drawings. */
const [silence, pause] = [1_000, 100];

const width = 24;

/** A bar on standard error that shows how much of some work is done. Without a terminal there is none. */
export interface ProgressBar {
  /** One more is done; `note` stands behind the numbers. */
  readonly step: (note: string) => void;
  /** Takes the bar away, so that `write` can write lines, and draws it again below them. */
  readonly around: (write: () => void) => void;
  /** Takes it away for good. */
  readonly end: () => void;
}

/** Returns a bar for so many pieces of work. It appears after a second. */
export function progressBar(total: number, { terminal, now }: Pick<System, 'terminal' | 'now'>): ProgressBar {
  if (!terminal.isTerminal.err) return { step: () => {}, around: (write) => write(), end: () => {} };
  const start = now();
  let [done, last, note, isShown] = [0, start, '', false];
  const clear = () => {
    if (isShown) terminal.err('\r\u001b[K');
    isShown = false;
  };
  const draw = () => {
    const time = now();
    if (time - start < silence || (isShown && time - last < pause)) return;
    last = time;
    terminal.err(`\r\u001b[K${barText(done, total, time - start)}${note === '' ? '' : `  ${note}`}`);
    isShown = true;
  };
  return {
    step: (text) => {
      done++;
      note = text;
      draw();
    },
    around: (write) => {
      clear();
      write();
      draw();
    },
    end: clear,
  };
}

/** Returns a bar as text: `████████░░░░░░░░░░░░░░░░  33/100  2 m 10 s left`. */
export function barText(done: number, total: number, elapsedMs: number): string {
  const filled = Math.floor((done / Math.max(total, 1)) * width);
  const left = done === 0 ? '' : `  ${durationText((elapsedMs / done) * (total - done))} left`;
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}  ${done}/${total}${left}`;
}

function durationText(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} m ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}
