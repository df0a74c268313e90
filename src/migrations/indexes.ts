import type { FileTree } from '../render/file-tree.js';
import type { Resource } from '../resolve/model.js';

/** An index of a collection, as a step in MongoDB's JSON describes it. */
export interface Index {
  readonly name: string;
  /** The description, on one line. */
  readonly text: string;
}

interface Command {
  readonly indexes?: readonly { readonly name: string }[];
}

/** Returns the indexes that the first step of a resource makes, as the templates render it. */
export function indexesOf({ migration, table }: Resource, { entries }: FileTree): readonly Index[] {
  const path = `migrations/${migration}_create_${table}.json`;
  const body = entries.find((entry) => entry.path === path)?.body;
  if (body === undefined) throw new Error(`the templates have no ${path}`);
  const commands = JSON.parse(body) as readonly Command[];
  return commands.flatMap(({ indexes = [] }) => indexes.map((index) => ({ name: index.name, text: onOneLine(index) })));
}

/** Returns a step that takes indexes away, then makes others: first what a changed one has the name of. */
export function indexesStep(table: string, gone: readonly string[], come: readonly Index[]): string {
  const drops = gone.map((name) => `  ${onOneLine({ dropIndexes: table, index: name })}`);
  const made = come.map(({ text }) => `      ${text}`).join(',\n');
  const create = `  {\n    "createIndexes": ${JSON.stringify(table)},\n    "indexes": [\n${made}\n    ]\n  }`;
  return `[\n${[...drops, ...(come.length > 0 ? [create] : [])].join(',\n')}\n]\n`;
}

function onOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${onOneLine(member)}`);
  return `{ ${members.join(', ')} }`;
}
