import type { Prompts } from '../../src/system/prompt.js';
import type { Terminal } from '../../src/system/terminal.js';

/** A terminal that remembers what was written. */
export interface FakeTerminal extends Terminal {
  /** Everything that went to standard output. */
  readonly written: () => string;
  /** Everything that went to standard error. */
  readonly said: () => string;
}

/** Returns a terminal for tests: nobody sits at it, and its input is `input`. */
export function fakeTerminal({ canAsk = false, input = '' } = {}): FakeTerminal {
  const [out, err]: [string[], string[]] = [[], []];
  return {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    canAsk,
    isTerminal: { out: false, err: false },
    readInput: async () => new TextEncoder().encode(input),
    interrupted: new AbortController().signal,
    written: () => out.join(''),
    said: () => err.join(''),
  };
}

/**
 * Returns prompts that a script answers, in order. A line that is refused counts as a mistake of the script, and so
 * does a question too many. An answer of `undefined` takes what Enter would take.
 */
export function scriptedPrompts(answers: readonly (string | boolean | readonly string[] | undefined)[]): Prompts {
  const left = [...answers];
  const next = (message: string) => {
    if (left.length === 0) throw new Error(`a question too many: ${message}`);
    return left.shift();
  };
  return {
    line: async ({ message, preset = '', problem }) => {
      const answer = String(next(message) ?? preset);
      const wrong = problem(answer);
      if (wrong !== undefined) throw new Error(`${message}: ${answer} is refused: ${wrong}`);
      return answer;
    },
    choose: async ({ message, choices }) => {
      const answer = next(message) ?? choices.filter(({ checked }) => checked).map(({ value }) => value);
      return answer as readonly string[];
    },
    confirm: async (message, preset) => (next(message) ?? preset) as boolean,
  };
}
