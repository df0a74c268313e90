import { compareVersions } from '../text/compare-versions.js';

/**
 * Merges go.sum, whose lines are a set: the lines of the disk, with those that this render needs anew and without those that
 * only the last one needed. Lines that people added stay; markers that a merge of version control left are no lines.
 */
export function mergeSums(base: string, ours: string, theirs: string): string {
  const [last, next] = [new Set(base.split('\n')), new Set(theirs.split('\n'))];
  const isMarker = (line: string) => /^(<{7}|\|{7}|={7}|>{7})( |$)/.test(line);
  const kept = ours.split('\n').filter((line) => (next.has(line) || !last.has(line)) && !isMarker(line));
  const added = [...next].filter((line) => !last.has(line));
  if (added.every((line) => kept.includes(line)) && kept.length === ours.split('\n').length) return ours;
  const lines = [...new Set([...kept, ...added])].filter((line) => line !== '').sort(byModule);
  return lines.map((line) => `${line}\n`).join('');
}

/** The order of the go command: by module, then by version, `go.mod` after the module's own line. */
function byModule(a: string, b: string): number {
  const [moduleA = '', versionA = ''] = a.split(' ');
  const [moduleB = '', versionB = ''] = b.split(' ');
  if (moduleA !== moduleB) return moduleA < moduleB ? -1 : 1;
  const [numberA = '', fileA = ''] = versionA.split('/');
  const [numberB = '', fileB = ''] = versionB.split('/');
  return compareVersions(numberA, numberB) || (fileA < fileB ? -1 : Number(fileA > fileB));
}
