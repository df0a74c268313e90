/**
 * One quoting helper for every language that text of a person lands in. Each takes any string; the result is one
 * token of that language, on one line, that means exactly the text (comment and Markdown helpers: that shows it).
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\u0000-\u001f\u007f-\u009f]/g;

/** Characters that editors, diffs and parsers treat as line breaks or that turn text around (bidirectional controls, BOM). */
const invisible = /[\u0085\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Returns a Go string literal: `"a \"b\""`. */
export function goString(text: string): string {
  return cString(text, (code) => `\\u${hex(code, 4)}`);
}

/** Returns a protobuf string literal; its escapes are those of C, so a character is escaped as its UTF-8 bytes. */
export function protoString(text: string): string {
  return cString(text, (code) =>
    [...new TextEncoder().encode(String.fromCharCode(code))].map((byte) => `\\x${hex(byte, 2)}`).join(''),
  );
}

/** Returns JSON on one line. */
export function json(value: unknown): string {
  return escapeInvisible(JSON.stringify(value), (code) => `\\u${hex(code, 4)}`);
}

/**
 * Returns a YAML scalar that both YAML 1.1 and 1.2 read as this string: plain where that is certain, else double quoted.
 */
export function yamlString(text: string): string {
  return isPlain(text) ? text : json(text.toWellFormed());
}

/** Returns one word of a POSIX shell. */
export function shell(text: string): string {
  const safe = text.toWellFormed().replaceAll('\0', '');
  return /^[A-Za-z0-9_@%+:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", `'\\''`)}'`;
}

/** Returns a string literal of MySQL and MariaDB in their default mode, on one line. */
export function sqlString(text: string): string {
  const escapes: Record<string, string> = {
    "'": "''",
    '\\': '\\\\',
    '\n': '\\n',
    '\r': '\\r',
    '\0': '\\0',
    '\u001a': '\\Z',
  };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what MySQL has escapes for
  return `'${text.toWellFormed().replace(/['\\\n\r\u0000\u001a]/g, (c) => escapes[c] ?? c)}'`;
}

/** Returns a double-quoted string of a Dockerfile instruction; line breaks and control characters become spaces. */
export function dockerString(text: string): string {
  return `"${oneLine(text).replace(/["\\$]/g, '\\$&')}"`;
}

/** Returns the text as a part of one line of any line comment (`//`, `#`, `--`). */
export function comment(text: string): string {
  return oneLine(text);
}

/**
 * Returns one line of Markdown that shows the text as it is, in a paragraph or in a table's cell. Only what would mean
 * something is escaped, so that the source stays readable: not the `_` inside `max_open_orders`.
 */
export function mdText(text: string): string {
  return oneLine(text)
    .replace(/[\\`*[<|~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&')
    .replace(/^[-+=#>]/, '\\$&')
    .replace(/^(\d+)(?=[.)])/, '$1\\');
}

/** Returns the text on one line: every run of white space and control characters is one space, none at the ends. */
export function oneLine(text: string): string {
  return text.toWellFormed().replace(controls, ' ').replace(invisible, ' ').replace(/\s+/g, ' ').trim();
}

/** Plain scalars that YAML 1.1 or 1.2 reads as something else. */
const notPlain = /^(true|false|null|yes|no|on|off|y|n|nan|inf|[-+]?\.(nan|inf))$/i;

function isPlain(text: string): boolean {
  return /^[A-Za-z_][\w./-]*$/.test(text) && !notPlain.test(text);
}

function cString(text: string, written: (code: number) => string): string {
  const named: Record<string, string> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return `"${escapeInvisible(
    text.toWellFormed().replace(/["\\\n\r\t]/g, (c) => named[c] ?? c),
    written,
  )}"`;
}

function escapeInvisible(text: string, written: (code: number) => string): string {
  const escaped = (character: string) => written(character.charCodeAt(0));
  return text.replace(controls, escaped).replace(invisible, escaped);
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
