import { join } from 'node:path';
import { formatPatch, structuredPatch } from 'diff';
import type { Operation } from '../plan/operation.js';
import type { Palette } from '../system/colour.js';
import type { System } from '../system/system.js';

/** Returns what an operation changes as a unified diff that `git apply` and `patch -p1` take; empty when nothing. */
export function unifiedDiff(operation: Operation, directory: string, system: System): string {
  const { path, from = path, verdict, before, after } = operation;
  if (!after && verdict !== 'removed') return '';
  const old = before ? Buffer.from(system.files.read(join(directory, from)) ?? '').toString('utf8') : undefined;
  const next = after?.body;
  if (old === next && from === path && (!before || !after || isSameMode(before.mode, after.mode))) return '';
  const head = [
    `diff --git a/${from} b/${path}`,
    ...(before || !after ? [] : [`new file mode ${gitMode(after.mode)}`]),
    ...(after || !before ? [] : [`deleted file mode ${gitMode(before.mode)}`]),
    ...(before && after && !isSameMode(before.mode, after.mode)
      ? [`old mode ${gitMode(before.mode)}`, `new mode ${gitMode(after.mode)}`]
      : []),
    ...(from === path ? [] : [`rename from ${from}`, `rename to ${path}`]),
  ];
  if (old === undefined && next === undefined) return '';
  const patch = structuredPatch(
    old === undefined ? '/dev/null' : `a/${from}`,
    next === undefined ? '/dev/null' : `b/${path}`,
    old ?? '',
    next ?? '',
  );
  const body = patch.hunks.length === 0 ? '' : formatPatch(patch).replace(/^=+\n/m, '');
  return `${head.join('\n')}\n${body}`;
}

/** Colours the lines of a diff. */
export function coloured(diff: string, { red, green, cyan, bold }: Palette): string {
  const colour = (line: string) => {
    if (/^(diff|\+\+\+|---) /.test(line)) return bold(line);
    if (line.startsWith('@@')) return cyan(line);
    if (line.startsWith('+')) return green(line);
    return line.startsWith('-') ? red(line) : line;
  };
  return diff.split('\n').map(colour).join('\n');
}

function gitMode(mode: number): string {
  return (mode & 0o100) === 0 ? '100644' : '100755';
}

function isSameMode(a: number, b: number): boolean {
  return gitMode(a) === gitMode(b);
}
