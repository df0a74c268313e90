import type { Input } from '../../command.js';

/** What the flags or the prompts said about a service: the short form of a manifest. */
export interface Answers {
  readonly name: string;
  readonly module: string;
  readonly owner: string;
  readonly description?: string;
  readonly registry?: string;
  readonly tier?: string;
  readonly api: readonly string[];
  /** In the grammar of `--resource`. */
  readonly resources: readonly string[];
  readonly environments: readonly string[];
}

/** Answers of which some are still to be asked for. An absent list was not given; an empty one is an answer. */
export type PartialAnswers = Partial<Answers>;

/** Reads the flags. */
export function answersFrom({ options }: Input): PartialAnswers {
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
  const list = (name: string) => (Array.isArray(options[name]) ? (options[name] as readonly string[]) : undefined);
  return {
    name: text('name'),
    module: text('module'),
    owner: text('owner'),
    description: text('description'),
    registry: text('registry'),
    tier: text('tier'),
    api: list('api')?.flatMap(words),
    resources: list('resource'),
    environments: list('environment')?.flatMap(words),
  };
}

function words(list: string): readonly string[] {
  return list
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}
