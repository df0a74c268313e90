/** Where a declaration of a file's own level begins; its name, with the receiver's type for a method. */
const declaration = /^(?:func (?:\(\w+ \*?(?<receiver>\w+)(?:\[[^\]]*\])?\) )?|type |var |const )(?<name>\w+)/;

/** A line of an import declaration: an optional name, and a path. */
const importSpec = /^\t(?:[\w.]+ )?(?<path>"[^"]+")$/;

/**
 * Returns what two sides inserted at the same place of a Go file, both of it, where the order between them means nothing:
 * whole declarations of different names, those of `ours` first, and imports, sorted as gofmt does. Undefined for all else.
 */
export function bothAdditions(ours: readonly string[], theirs: readonly string[]): readonly string[] | undefined {
  return bothImports(ours, theirs) ?? bothDeclarations(ours, theirs);
}

function bothImports(ours: readonly string[], theirs: readonly string[]): readonly string[] | undefined {
  const all = [...new Set([...ours, ...theirs])].map((line) => ({ line, path: pathOf(line) }));
  if (all.some(({ path }) => path === undefined)) return undefined;
  return all.sort((a, b) => ((a.path ?? '') < (b.path ?? '') ? -1 : 1)).map(({ line }) => line);
}

function pathOf(line: string): string | undefined {
  return importSpec.exec(line.trimEnd())?.groups?.path;
}

function bothDeclarations(ours: readonly string[], theirs: readonly string[]): readonly string[] | undefined {
  const [mine, rendered] = [declared(ours), declared(theirs)];
  if (!mine || !rendered || rendered.some((name) => mine.includes(name))) return undefined;
  return [...ours, ...theirs];
}

/**
 * Returns the names of the declarations in the lines; undefined unless these are whole declarations with their comments,
 * with a blank line before the first or behind the last, so that they can be put one after another.
 */
function declared(lines: readonly string[]): readonly string[] | undefined {
  const names: string[] = [];
  let closing: string | undefined;
  for (const line of lines.map((each) => each.trimEnd())) {
    if (closing !== undefined) {
      if (line === closing) closing = undefined;
      else if (line !== '' && !line.startsWith('\t')) return undefined;
      continue;
    }
    if (line === '' || line.startsWith('//')) continue;
    const { receiver = '', name } = declaration.exec(line)?.groups ?? {};
    if (name === undefined) return undefined;
    names.push(`${receiver}.${name}`);
    if (line.endsWith('{')) closing = '}';
    else if (/[(,`]$/.test(line)) return undefined;
  }
  const isSeparate = lines[0]?.trim() === '' || lines.at(-1)?.trim() === '';
  return closing === undefined && names.length > 0 && isSeparate ? names : undefined;
}
