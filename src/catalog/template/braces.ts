/** Stands between a brace of the text and a tag while Handlebars parses; no template contains this private-use character. */
const mark = '\ue000';

const rawBlocks = /(\{\{\{\{\w+\}\}\}\}[\s\S]*?\{\{\{\{\/\w+\}\}\}\})/;

/**
 * Parses a source in which braces may touch a tag: `T{{{name}}}` is a brace, the tag `{{name}}` and a brace, as Go and
 * JSON need it all the time. What Handlebars means by three braces, output without escaping, is not needed here:
 * nothing is escaped. Places in the tree are those of the source.
 */
export function parseWithBraces(source: string, parse: (text: string) => hbs.AST.Program): hbs.AST.Program {
  const marked = source
    .split(rawBlocks)
    .map((part, index) => (index % 2 === 1 ? part : separate(part)))
    .join('');
  const lines = marked.split('\n');
  try {
    return restored(parse(marked), lines);
  } catch (error) {
    throw error instanceof Error ? new Error(error.message.replaceAll(mark, '')) : error;
  }
}

/** Of more than two braces in a row, a tag has the last two that open it and the first two that close it. */
function separate(text: string): string {
  return text.replace(/(?<!\\)\{+(?=\{\{(?!\{))/g, `$&${mark}`).replace(/(?<!\})\}\}(?=\})/g, `$&${mark}`);
}

/** Returns the tree without marks: in its texts, and in its columns. */
function restored<T>(node: T, lines: readonly string[]): T {
  if (typeof node === 'string') return node.replaceAll(mark, '') as T;
  if (typeof node !== 'object' || node === null) return node;
  if ('line' in node && 'column' in node)
    return { ...node, column: restoredColumn(Number(node.line), Number(node.column), lines) };
  for (const [key, value] of Object.entries(node)) (node as Record<string, unknown>)[key] = restored(value, lines);
  return node;
}

function restoredColumn(line: number, column: number, lines: readonly string[]): number {
  const before = lines[line - 1]?.slice(0, column) ?? '';
  return before.replaceAll(mark, '').length;
}
