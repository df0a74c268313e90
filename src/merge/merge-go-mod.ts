import { compareVersions } from '../text/compare-versions.js';
import { type GoModFile, goModFile, type Requirement } from './go-mod-file.js';

/**
 * Merges go.mod by meaning, so that it never conflicts: our text, in which requirements come, go and rise as they did from
 * the last render to this one. A version that a person raised is never lowered, a line that a person added stays.
 */
export function mergeGoMod(base: string, ours: string, theirs: string): string {
  const [last, mine, next] = [goModFile(base), goModFile(ours), goModFile(theirs)];
  const lines: (string | undefined)[] = [...mine.lines];
  if (mine.go && next.go && compareVersions(mine.go.version, next.go.version) < 0)
    lines[mine.go.line] = `go ${next.go.version}`;
  if (mine.module && next.module && mine.module.path === last.module?.path)
    lines[mine.module.line] = `module ${next.module.path}`;
  for (const [module, wanted] of next.requirements) {
    const own = mine.requirements.get(module);
    if (own) lines[own.line] = changed(mine.lines[own.line] ?? '', own, last.requirements.get(module), wanted);
  }
  for (const [module, own] of mine.requirements) {
    const before = last.requirements.get(module);
    const isAsRendered = before && mine.lines[own.line]?.trim() === last.lines[before.line]?.trim();
    if (isAsRendered && !next.requirements.has(module)) lines[own.line] = undefined;
  }
  const added = [...next.requirements.values()].filter(
    ({ module }) => !mine.requirements.has(module) && !last.requirements.has(module),
  );
  return `${tidy(insert(lines, added, mine)).join('\n')}\n`;
}

/** Our line with the higher version, and with the remark `indirect` as it became. */
function changed(line: string, own: Requirement, before: Requirement | undefined, wanted: Requirement): string {
  const isRaised = compareVersions(own.version, wanted.version) < 0 && before?.version !== wanted.version;
  const risen = isRaised ? line.replace(own.version, wanted.version) : line;
  if (before?.indirect === wanted.indirect || own.indirect === wanted.indirect) return risen;
  return wanted.indirect
    ? indirect(risen)
    : risen.replace(/\s*\/\/\s*indirect\s*$/, '').replace(/\/\/\s*indirect;\s*/, '// ');
}

/** The remark comes first in a comment, as Go reads it. */
function indirect(line: string): string {
  return /\/\//.test(line) ? line.replace(/\/\/\s*/, '// indirect; ') : `${line} // indirect`;
}

/** Puts each requirement into the block of its kind, in order; into a block of its own where there is none. */
function insert(
  lines: readonly (string | undefined)[],
  added: readonly Requirement[],
  { requirements }: GoModFile,
): readonly string[] {
  const after = new Map<number, string[]>();
  const loose: Requirement[] = [];
  for (const one of [...added].sort((a, b) => (a.module < b.module ? -1 : 1))) {
    const place = placeOf(one, lines, requirements);
    if (place === undefined) loose.push(one);
    else after.set(place, [...(after.get(place) ?? []), `\t${textOf(one)}`]);
  }
  const kept = lines.flatMap((line, index) => [...(line === undefined ? [] : [line]), ...(after.get(index) ?? [])]);
  if (loose.length === 0) return kept;
  return [...kept, '', 'require (', ...loose.map((one) => `\t${textOf(one)}`), ')'];
}

/** The line after which a requirement belongs: the last one of its kind, in a block, that sorts before it. */
function placeOf(
  { module, indirect }: Requirement,
  lines: readonly (string | undefined)[],
  requirements: ReadonlyMap<string, Requirement>,
): number | undefined {
  const kind = [...requirements.values()].filter(
    (other) => other.indirect === indirect && /^\s/.test(lines[other.line] ?? ''),
  );
  const before = kind.filter((other) => other.module < module).map(({ line }) => line);
  if (before.length > 0) return Math.max(...before);
  return kind.length > 0 ? Math.min(...kind.map(({ line }) => line)) - 1 : undefined;
}

function textOf({ module, version, indirect }: Requirement): string {
  return `${module} ${version}${indirect ? ' // indirect' : ''}`;
}

/** Without the blocks that lost all their lines, and the blank lines around them. */
function tidy(lines: readonly string[]): readonly string[] {
  const text = lines.join('\n').replace(/require \(\n\)\n?/g, '');
  return text
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n+$/, '')
    .split('\n');
}
