import { Interruption } from './interruption.js';

/** Questions to the person at the terminal. Every method throws `Interruption` on Ctrl-C. */
export interface Prompts {
  /** Asks for one line of text. */
  readonly line: (question: LineQuestion) => Promise<string>;
  /** Asks for any number of the choices. */
  readonly choose: (question: ChoiceQuestion) => Promise<readonly string[]>;
  /** Asks yes or no; Enter takes `preset`. */
  readonly confirm: (message: string, preset: boolean) => Promise<boolean>;
}

export interface LineQuestion {
  readonly message: string;
  /** The answer that Enter gives when nothing was typed. */
  readonly preset?: string;
  /** Returns what is wrong with an answer. Called at every key, so it must be quick. */
  readonly problem: (answer: string) => string | undefined;
}

export interface ChoiceQuestion {
  readonly message: string;
  readonly choices: readonly { readonly value: string; readonly text: string; readonly checked: boolean }[];
}

/** Prompts through inquirer on the terminal of this process; drawn on standard error, which leaves results alone. */
export async function terminalPrompts(colour: boolean): Promise<Prompts> {
  const [{ default: inquirer }, { liveLine }, { plainTheme }] = await Promise.all([
    import('inquirer'),
    import('./live-line.js'),
    import('./prompt-theme.js'),
  ]);
  const theme = colour ? {} : plainTheme;
  const output = process.stderr;
  const ask = inquirer.createPromptModule({ output });
  return {
    line: (question) => answered(liveLine({ ...question, theme }, { output })),
    choose: async ({ message, choices }) => {
      const listed = choices.map(({ value, text, checked }) => ({ value, name: text, checked }));
      const question = { type: 'checkbox' as const, name: 'answer' as const, message, choices: listed, theme };
      return (await answered(ask<{ answer: string[] }>([question]))).answer;
    },
    confirm: async (message, preset) => {
      const question = { type: 'confirm' as const, name: 'answer' as const, message, default: preset, theme };
      return (await answered(ask<{ answer: boolean }>([question]))).answer;
    },
  };
}

async function answered<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof Error && error.name === 'ExitPromptError' ? new Interruption() : error;
  }
}
