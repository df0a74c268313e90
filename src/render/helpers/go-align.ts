/** A line of tab-separated text: its indentation, its cells. */
interface Line {
  readonly indent: string;
  readonly cells: readonly string[];
}

/**
 * Returns lines whose cells, separated by one tab, stand in columns as gofmt sets them: spaces, one more than the
 * widest cell. Tabs at the start are indentation. A column reaches over adjacent lines that have a cell after it; a
 * line without one (a blank line, a comment, a brace) and a change of indentation end it.
 */
export function alignColumns(text: string): string {
  const lines = text.split('\n').map(parseLine);
  return blocks(lines).flatMap(alignBlock).join('\n');
}

function parseLine(line: string): Line {
  const indent = /^\t*/.exec(line)?.[0] ?? '';
  return { indent, cells: line.slice(indent.length).replace(/\t+$/, '').split('\t') };
}

/** Splits at changes of indentation. */
function blocks(lines: readonly Line[]): readonly (readonly Line[])[] {
  const result: Line[][] = [];
  for (const line of lines) {
    const current = result.at(-1);
    if (current?.[0]?.indent === line.indent) current.push(line);
    else result.push([line]);
  }
  return result;
}

function alignBlock(lines: readonly Line[]): readonly string[] {
  const widths = lines.map((): number[] => []);
  columnWidths(lines, 0, lines.length, 0, widths);
  return lines.map(({ indent, cells }, row) => {
    const padded = cells.map((cell, column) =>
      column < cells.length - 1 ? pad(cell, widths[row]?.[column] ?? 0) : cell,
    );
    return (indent + padded.join('')).trimEnd();
  });
}

/** Sets the width of `column`, and of those after it, in the rows from `start` to before `end`: text/tabwriter's rule. */
function columnWidths(lines: readonly Line[], start: number, end: number, column: number, widths: number[][]): void {
  const continues = (row: number) => row < end && (lines[row]?.cells.length ?? 0) > column + 1;
  for (let row = start; row < end; row++) {
    if (!continues(row)) continue;
    let last = row;
    while (continues(last)) last++;
    const widest = Math.max(...lines.slice(row, last).map(({ cells }) => length(cells[column])));
    for (let member = row; member < last; member++) widths[member]?.push(widest === 0 ? 0 : widest + 1);
    columnWidths(lines, row, last, column + 1, widths);
    row = last;
  }
}

function pad(cell: string, width: number): string {
  return cell + ' '.repeat(width - length(cell));
}

/** gofmt counts code points. */
function length(cell = ''): number {
  return [...cell].length;
}
