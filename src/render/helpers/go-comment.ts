import { oneLine } from '../../text/quote.js';

/** Column at which lines of a comment end, tab counted as four. */
const width = 110;

/**
 * Returns the text as a Go line comment: words wrapped, `// ` before each line, no line break at the end; nothing for
 * an empty text. gofmt leaves it as it is, also as a doc comment: what gofmt would read as a heading, a list or a link
 * definition gets a leading `… `, and the pairs \`\` and '', which it turns into curly quotes, become ".
 *
 * @param tabs indentation of the second and later lines, in tabs; the tag itself stands at the first one's place
 */
export function goComment(text: string, tabs = 0): string {
  const words = oneLine(text).replace(/``|''/g, '"');
  if (words === '') return '';
  const lines = wrap(isMarkup(words) ? `… ${words}` : words, width - 4 * tabs - '// '.length);
  return lines.map((line, index) => `${index > 0 ? '\t'.repeat(tabs) : ''}// ${line}`).join('\n');
}

function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns && !isMarkup(word)) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Reports whether gofmt gives a line that begins with the word a meaning of its own. */
function isMarkup(word: string): boolean {
  return /^([-*+•#[]|\d+[.)])/.test(word);
}
