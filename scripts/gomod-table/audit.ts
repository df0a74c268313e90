import { composeModule } from '../../src/derive/compose-module.js';
import type { ModuleTable } from '../../src/derive/module-table.js';
import { go, modOf, parseMod, probePath, withProbe } from './go-module.js';

const online = { GOPROXY: '', GONOSUMDB: '', GOFLAGS: '-mod=mod' };

/**
 * Asks the network about a table: whether the checksum database knows every checksum, whether the module cache holds what
 * the checksums say, and whether a module in a go.mod was retracted. Modules that only the graph names are not asked for.
 */
export async function audit(table: ModuleTable): Promise<readonly string[]> {
  const imports = Object.keys(table.imports);
  const composed = composeModule(probePath, new Set(imports), table);
  return [...(await wrongSums(imports, composed, table)), ...(await retracted(imports, composed))];
}

/** Downloads into a module without go.sum: the go command then asks the checksum database for every line. */
async function wrongSums(
  imports: readonly string[],
  composed: { readonly mod: string; readonly sum: string },
  table: ModuleTable,
): Promise<readonly string[]> {
  const modules = [...parseMod(composed.mod).modules];
  return withProbe(imports, { mod: modOf(table.go, modules), sum: '' }, async (directory) => {
    await go(directory, ['mod', 'tidy'], online);
    await go(directory, ['mod', 'verify'], online);
    return go(directory, ['mod', 'tidy', '-diff'], online).then(
      () => missingLines(directory, table),
      (error: Error) => [error.message],
    );
  });
}

async function missingLines(directory: string, { sums }: ModuleTable): Promise<readonly string[]> {
  const { readRequirements } = await import('./go-module.js');
  const verified = new Set(readRequirements(directory).sum.split('\n'));
  return sums.filter((line) => !verified.has(line)).map((line) => `not in the checksum database: ${line}`);
}

async function retracted(
  imports: readonly string[],
  composed: { readonly mod: string; readonly sum: string },
): Promise<readonly string[]> {
  const format = '{{range .Retracted}}{{$.Path}} {{$.Version}} was retracted: {{.}}{{"\\n"}}{{end}}';
  const paths = [...parseMod(composed.mod).modules.keys()];
  const said = await withProbe(imports, composed, (directory) =>
    go(directory, ['list', '-m', '-retracted', '-f', format, ...paths], online),
  );
  return said.split('\n').filter((line) => line !== '');
}
