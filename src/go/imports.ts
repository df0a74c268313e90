/** One import of a Go file. */
export interface GoImport {
  /** Name before the path: an alias, `_` or `.`; empty when there is none. */
  readonly alias: string;
  readonly path: string;
}

/** The first parenthesised import declaration of a Go file: offsets in the source, `end` exclusive, line breaks included. */
export interface ImportBlock {
  readonly start: number;
  readonly end: number;
  /** Its lines without the parentheses. */
  readonly lines: readonly string[];
}

/**
 * Returns the import that a line of an import block declares; undefined for a comment or a blank line. Not a pattern,
 * because it looks at every import of every file.
 */
export function importOf(line: string): GoImport | undefined {
  const open = line.indexOf('"');
  const close = line.indexOf('"', open + 1);
  const alias = line.slice(0, Math.max(open, 0)).trim();
  return close < 0 || alias.startsWith('//') ? undefined : { alias, path: line.slice(open + 1, close) };
}

/** Returns where the file's import block is, if it has one. */
export function importBlock(source: string): ImportBlock | undefined {
  const found = /^import \(\n((?:(?!\)).*\n)*)\)\n/m.exec(source.slice(0, firstDeclaration(source)));
  if (!found) return undefined;
  return { start: found.index, end: found.index + found[0].length, lines: (found[1] ?? '').split('\n').slice(0, -1) };
}

/** Returns everything that a gofmt-clean Go file imports, in order. */
export function goImports(source: string): readonly GoImport[] {
  const head = source.slice(0, firstDeclaration(source));
  const single = [...head.matchAll(/^import (?!\()(.*)$/gm)].flatMap(([, spec = '']) => importOf(spec) ?? []);
  const grouped = (importBlock(head)?.lines ?? []).flatMap((line) => importOf(line) ?? []);
  return [...single, ...grouped];
}

/** Imports stand before every other declaration; what looks like one after it is text in a raw string. */
function firstDeclaration(source: string): number {
  return /^(?:func|type|var|const)\b/m.exec(source)?.index ?? source.length;
}

/**
 * Returns the name by which Go code uses an import: its alias, else the last element of the path without a version, a
 * leading `go-` and what follows the first character that no name has, as goimports assumes
 * (`github.com/pressly/goose/v3` → `goose`, `gopkg.in/yaml.v3` → `yaml`, `github.com/goccy/go-yaml` → `yaml`).
 * Packages that are named otherwise are imported with an alias.
 */
export function localName({ alias, path }: GoImport): string {
  if (alias !== '') return alias;
  const elements = path.split('/');
  const last = elements.at(-1) ?? path;
  const named = /^v\d+(\.\d+)*$/.test(last) ? (elements.at(-2) ?? last) : last;
  return named.replace(/^go-/, '').replace(/\W.*$/, '');
}

/** Returns the lines of an import block sorted as gofmt does: by path within each group of adjacent lines. */
export function sortImports(lines: readonly string[]): readonly string[] {
  const groups: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() === '') groups.push([]);
    else groups.at(-1)?.push(line);
  }
  return groups
    .filter((group) => group.length > 0)
    .flatMap((group, index) => [...(index > 0 ? [''] : []), ...sortGroup(group)]);
}

/** A group with a comment in it stays as it is: the comment belongs to a line. */
function sortGroup(group: readonly string[]): readonly string[] {
  const keyed = [...new Set(group)].map((line) => ({ line, path: importOf(line)?.path }));
  if (keyed.some(({ path }) => path === undefined)) return group;
  return keyed.sort((a, b) => compare(a.path ?? '', b.path ?? '') || compare(a.line, b.line)).map(({ line }) => line);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
