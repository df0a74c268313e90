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
