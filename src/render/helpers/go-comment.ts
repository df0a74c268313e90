import { oneLine } from './quote.js';

/** Column at which lines of a comment end, tab counted as four. */
const width = 110;

/**
 * Returns the text as a Go line comment: words wrapped, `// ` before each line, no line break at the end. A text that
 * gofmt would take for a heading, a list or a link definition is kept from being one by a leading dot leader `… `.
 *
 * @param tabs indentation of the second and later lines, in tabs; the tag itself stands at the first one's place
 */
export function goComment(text: string, tabs = 0): string {
  const lines = wrap(oneLine(text), width - 4 * tabs - '// '.length);
  return lines
    .map((line, index) => `${index > 0 ? '\t'.repeat(tabs) : ''}//${line === '' ? '' : ` ${line}`}`)
    .join('\n');
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
