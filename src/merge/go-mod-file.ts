/** One requirement of a go.mod. */
export interface Requirement {
  readonly module: string;
  readonly version: string;
  readonly indirect: boolean;
  /** Index of its line. */
  readonly line: number;
}

/** What a go.mod says, as far as it is merged by meaning. */
export interface GoModFile {
  readonly lines: readonly string[];
  readonly requirements: ReadonlyMap<string, Requirement>;
  /** Version and line of the `go` directive. */
  readonly go?: { readonly version: string; readonly line: number };
  /** Path and line of the `module` directive. */
  readonly module?: { readonly path: string; readonly line: number };
}

const requirement = /^(?:require\s+|\s*)([^\s()"]+\.[^\s()"]*)\s+(v[^\s]+)\s*(\/\/.*)?$/;

/** Reads a go.mod. Lines that it does not understand stay lines. */
export function goModFile(text: string): GoModFile {
  const lines = text.replace(/\n$/, '').split('\n');
  const requirements = new Map<string, Requirement>();
  let go: GoModFile['go'];
  let module: GoModFile['module'];
  let block = '';
  for (const [line, found] of lines.entries()) {
    const opened = /^(\w+)\s*\(/.exec(found);
    if (opened) block = opened[1] ?? '';
    else if (/^\)/.test(found)) block = '';
    const directive = /^go\s+(\S+)/.exec(found);
    if (directive && block === '') go = { version: directive[1] ?? '', line };
    const named = /^module\s+(\S+)/.exec(found);
    if (named && block === '') module = { path: named[1] ?? '', line };
    if (block !== 'require' && !/^require\s+[^(\s]/.test(found)) continue;
    const [, required, version, comment = ''] = requirement.exec(found) ?? [];
    if (required && version)
      requirements.set(required, { module: required, version, indirect: /^\/\/\s*indirect\b/.test(comment), line });
  }
  return { lines, requirements, ...(go && { go }), ...(module && { module }) };
}

/** Compares two versions of Go or of a module: negative when `a` is the lower one. */
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
