import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

/** A go.mod and go.sum as text. */
export interface Requirements {
  readonly mod: string;
  readonly sum: string;
}

/** A go.mod as data. */
export interface ParsedMod {
  readonly go: string;
  /** Version by module path. */
  readonly modules: ReadonlyMap<string, string>;
}

/** Module path of the modules that are made to ask the go command. */
export const probePath = 'example.com/probe';

// The checksums come from the pins' go.sum or, for lines it lacks, from the module cache; `audit` verifies all of them.
const offline = { GOFLAGS: '-mod=mod', GOTOOLCHAIN: 'local', GOWORK: 'off' };

/** Makes a module that imports the paths, in a temporary directory that goes away after the work. */
export async function withProbe<T>(
  imports: Iterable<string>,
  { mod, sum }: Requirements,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(path.join(tmpdir(), 'gomod-table-'));
  try {
    mkdirSync(directory, { recursive: true });
    const lines = [...imports].sort().map((name) => `\t_ "${name}"\n`);
    writeFileSync(path.join(directory, 'probe.go'), `package probe\n\nimport (\n${lines.join('')})\n`);
    writeFileSync(path.join(directory, 'go.mod'), mod);
    writeFileSync(path.join(directory, 'go.sum'), sum);
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Runs the go command without network and returns what it printed; throws what it said when it fails. */
export async function go(
  directory: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<string> {
  const result = await execa('go', args, { cwd: directory, env: { ...offline, ...env }, reject: false });
  if (result.exitCode === 0) return result.stdout;
  throw new Error(`go ${args.join(' ')}: ${result.stdout}\n${result.stderr}`);
}

/** Runs `go mod tidy` on a module that imports the paths, beginning with some requirements. */
export async function tidy(imports: Iterable<string>, from: Requirements): Promise<Requirements> {
  return withProbe(imports, from, async (directory) => {
    await go(directory, ['mod', 'tidy']);
    return readRequirements(directory);
  });
}

/** Reads the two files of a module; a module without dependencies has no go.sum. */
export function readRequirements(directory: string): Requirements {
  const mod = readFileSync(path.join(directory, 'go.mod'), 'utf8');
  return { mod, sum: mod.includes('require') ? readFileSync(path.join(directory, 'go.sum'), 'utf8') : '' };
}

/** Returns a go.mod that requires exactly these versions. */
export function modOf(goVersion: string, modules: Iterable<readonly [string, string]>): string {
  const lines = [...modules].map(([name, version]) => `\t${name} ${version}\n`);
  return `module ${probePath}\n\ngo ${goVersion}\n\nrequire (\n${lines.join('')})\n`;
}

/** Reads the text of a go.mod. */
export function parseMod(text: string): ParsedMod {
  const goVersion = /^go (\S+)$/m.exec(text)?.[1];
  if (goVersion === undefined) throw new Error('go.mod without a go line');
  const required = text.matchAll(/^(?:require )?\t?(\S+) (v\S+)(?: \/\/ indirect)?$/gm);
  return { go: goVersion, modules: new Map([...required].map(([, name = '', version = '']) => [name, version])) };
}
