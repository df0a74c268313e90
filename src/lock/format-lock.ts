import type { Lock, LockedFile } from './lock.js';

/** Version of the lock's own format. A reader refuses a higher one. */
export const lockVersion = 1;

const head = `# Written by create-service; commit it. When a merge leaves markers in here, keep them and run
# \`create-service update\`: it puts both sides together.
`;

/**
 * Returns a lock as YAML: sorted, one entry a line, so that version control merges it. Equal locks give equal bytes;
 * `parseLock` reads them back.
 */
export function formatLock({ tool, manifest, numbers, files, conflicts = [] }: Lock): string {
  return [
    head,
    `lock: ${lockVersion}\n`,
    `tool: ${tool}\n`,
    `manifest: ${blockScalar(manifest)}`,
    conflicts.length === 0 ? '' : `conflicts:\n${[...conflicts].sort().map(conflictEntry).join('')}`,
    section(
      'numbers',
      numbers.map(({ name, number }) => [name, String(number)] as const),
    ),
    section(
      'files',
      files.map((file) => [file.path, fileEntry(file)] as const),
    ),
  ].join('');
}

// `+` keeps every newline at the end, `-` says that there is none; `2` is the indentation, for texts that begin with blanks.
function blockScalar(text: string): string {
  const lines = text.endsWith('\n') ? text.slice(0, -1) : text;
  return `|2${text.endsWith('\n') ? '+' : '-'}\n${lines.split('\n').map(indented).join('')}`;
}

function indented(line: string): string {
  return line === '' ? '\n' : `  ${line}\n`;
}

function section(name: string, entries: readonly (readonly [string, string])[]): string {
  if (entries.length === 0) return `${name}: {}\n`;
  // A JSON string is a YAML string.
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return `${name}:\n${sorted.map(([key, value]) => `  ${JSON.stringify(key)}: ${value}\n`).join('')}`;
}

function conflictEntry(path: string): string {
  return `  ${JSON.stringify(path)}: open\n`;
}

function fileEntry({ class: ownership, owner, mode, sha256, at }: LockedFile): string {
  const moved = at === undefined ? '' : `, at: ${JSON.stringify(at)}`;
  return `{ class: ${ownership}, owner: ${owner}, mode: "${mode.toString(8)}", sha256: "${sha256}"${moved} }`;
}
