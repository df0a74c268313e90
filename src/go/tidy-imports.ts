import { importBlock, importOf, localName, sortImports } from './imports.js';
import { selectsFrom, withoutText } from './used-names.js';

/**
 * Returns a Go file with only the imports that it uses, sorted as gofmt does. So a template lists every import that it
 * can need, and no combination of a manifest's features can leave one unused. Imports by `_` and `.` stay.
 */
export function tidyImports(source: string): string {
  const block = importBlock(source);
  if (!block) return source;
  const rest = source.slice(block.end);
  const code = withoutText(rest);
  const lines = sortImports(block.lines.filter((line) => isNeeded(line, code)));
  if (lines.length === 0) return source.slice(0, block.start) + rest.replace(/^\n+/, '');
  return `${source.slice(0, block.start)}import (\n${lines.join('\n')}\n)\n${rest}`;
}

function isNeeded(line: string, code: string): boolean {
  const imported = importOf(line);
  return imported === undefined || ['_', '.'].includes(imported.alias) || selectsFrom(code, localName(imported));
}
