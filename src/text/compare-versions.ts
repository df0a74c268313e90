/** Compares two versions, of Go, of a module or of this tool: negative when `a` is the lower one. */
export function compareVersions(a: string, b: string): number {
  const [coreA = '', preA] = split(a);
  const [coreB = '', preB] = split(b);
  return compareParts(coreA, coreB) || comparePre(preA, preB);
}

function split(version: string): [core: string, pre: string | undefined] {
  const plain = version.replace(/^v/, '').replace(/\+.*$/, '');
  const dash = plain.indexOf('-');
  return dash < 0 ? [plain, undefined] : [plain.slice(0, dash), plain.slice(dash + 1)];
}

// A pre-release, and so a pseudo-version, is below its release.
function comparePre(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareParts(a, b);
}

function compareParts(a: string, b: string): number {
  const [as, bs] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.max(as.length, bs.length); index++) {
    const [x = '', y = ''] = [as[index], bs[index]];
    if (x === y) continue;
    if (/^\d+$/.test(x) && /^\d+$/.test(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return 0;
}
