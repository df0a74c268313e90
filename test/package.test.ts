import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseMod } from '../scripts/gomod-table/go-module.js';
import { root } from './support/source-files.js';

/** Far from any node_modules, as an installed package without dependencies is. */
const directory = mkdtempSync(path.join(tmpdir(), 'package-'));
let metafile: Metafile;

beforeAll(() => {
  for (const name of ['bin', 'package.json', 'README.md'])
    cpSync(path.join(root, name), path.join(directory, name), { recursive: true });
  build(path.join(directory, 'dist'));
  metafile = JSON.parse(readText('dist/metafile.json')) as Metafile;
}, 60_000);

afterAll(() => rmSync(directory, { recursive: true }));

function build(outdir: string): void {
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs'), outdir], { cwd: root });
}

function readText(name: string): string {
  return readFileSync(path.join(directory, name), 'utf8');
}

const inputsOf = (output: string) => Object.keys(metafile.outputs[output]?.inputs ?? {});

/** Returns an output and all that it imports statically: what Node loads before the first line runs. */
function loadedAtOnce(output: string, seen = new Set<string>()): ReadonlySet<string> {
  seen.add(output);
  for (const { path: imported, kind } of metafile.outputs[output]?.imports ?? []) {
    if (kind === 'import-statement' && metafile.outputs[imported] && !seen.has(imported)) loadedAtOnce(imported, seen);
  }
  return seen;
}

const packagesIn = (inputs: readonly string[]) =>
  [...new Set(inputs.flatMap((input) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []))].sort();

function mainOutput(): string {
  return Object.keys(metafile.outputs).find((name) => name.endsWith('dist/main.js')) ?? 'none';
}

describe('the package', () => {
  it('holds the bundle, its data, the WebAssembly and the licences, and nothing else', { timeout: 60_000 }, () => {
    const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: directory,
      encoding: 'utf8',
    });
    const [{ files, unpackedSize }] = JSON.parse(output) as [{ files: { path: string }[]; unpackedSize: number }];
    const names = files
      .map((file) => file.path)
      .filter((name) => !/^dist\/chunks\/[\w+-]+-[A-Z0-9]{8}\.js$/.test(name));
    expect(names.sort()).toEqual([
      'README.md',
      'bin/create-service.js',
      'bin/twin.js',
      'dist/THIRD_PARTY_LICENSES',
      'dist/catalog.json',
      'dist/main.js',
      'dist/service.schema.json',
      'dist/wasm/host.js',
      'dist/wasm/protogen.wasm.br',
      'package.json',
    ]);
    expect(statSync(path.join(directory, 'dist/wasm/protogen.wasm.br')).size).toBeLessThan(2_500_000);
    expect(unpackedSize).toBeLessThan(6_000_000);
  });

  it('has no dependencies and no install scripts', () => {
    const { dependencies, peerDependencies, optionalDependencies, scripts } = JSON.parse(
      readText('package.json'),
    ) as Record<string, object | undefined>;
    expect({ dependencies, peerDependencies, optionalDependencies }).toEqual({});
    expect(Object.keys(scripts ?? {}).filter((name) => /install|^prepare$/.test(name))).toEqual([]);
  });

  it('imports nothing but modules of Node', () => {
    const external = Object.values(metafile.outputs).flatMap(({ imports }) =>
      imports.filter((one) => one.external).map((one) => one.path),
    );
    const foreign = external.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')));
    expect([...new Set(foreign)]).toEqual([]);
  });

  it('loads only commander at the start', () => {
    const inputs = [...loadedAtOnce(mainOutput())].flatMap(inputsOf);
    expect(packagesIn(inputs)).toEqual(['commander']);
    expect(
      inputs.filter((input) => /^(src\/(render|catalog|merge|derive|apply|manifest)\/|catalog:)/.test(input)),
    ).toEqual([]);
  });

  it('never contains what belongs to tests and builds', () => {
    const packages = packagesIn(Object.keys(metafile.inputs));
    expect(
      packages.filter((name) => ['ts-morph', 'typescript', 'handlebars', 'esbuild', 'vitest', 'zod'].includes(name)),
    ).toEqual([]);
  });

  it('names the licence of everything that it contains', () => {
    const licences = readText('dist/THIRD_PARTY_LICENSES');
    for (const name of packagesIn(Object.keys(metafile.inputs)))
      expect(licences).toMatch(new RegExp(`^## ${name} \\d`, 'm'));
    const { modules } = parseMod(readFileSync(path.join(root, 'scripts/protogen/go.mod'), 'utf8'));
    for (const [module, goVersion] of modules) expect(licences).toContain(`\n## ${module} ${goVersion}\n`);
    expect(licences).toMatch(/^## Go 1\.\d/m);
    expect(licences).not.toContain('no licence file');
    expect(licences).not.toContain('undefined');
  });

  it('runs without any other package', () => {
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    const printed = execFileSync(process.execPath, [path.join(directory, 'bin/create-service.js'), '--version'], {
      encoding: 'utf8',
    });
    expect(printed.trim()).toBe(version);
  });

  it('makes Go of .proto files where nothing but Node is', () => {
    const text = 'syntax = "proto3";\noption go_package = "e.org/a";\nmessage A {}\nservice B {}\n';
    const printed = execFileSync(process.execPath, ['--no-warnings', 'host.js', 'protogen.wasm.br'], {
      cwd: path.join(directory, 'dist/wasm'),
      env: {},
      input: JSON.stringify({ files: [{ path: 'a.proto', text }] }),
      encoding: 'utf8',
    });
    const { files } = JSON.parse(printed) as { readonly files: readonly { readonly path: string }[] };
    expect(files.map((file) => file.path)).toEqual(['a.pb.go', 'a_grpc.pb.go']);
  });

  it('ships the schema that the tool prints', () => {
    const printed = execFileSync(process.execPath, [path.join(directory, 'bin/create-service.js'), 'schema'], {
      encoding: 'utf8',
    });
    expect(JSON.parse(readText('dist/service.schema.json'))).toEqual(JSON.parse(printed));
  });

  it('is built to the same bytes each time', { timeout: 60_000 }, () => {
    const again = path.join(directory, 'again');
    build(again);
    for (const output of Object.keys(metafile.outputs)) {
      const name = output.slice(output.indexOf('dist/') + 'dist/'.length);
      expect(readFileSync(path.join(again, name), 'utf8'), name).toBe(readText(`dist/${name}`));
    }
  });
});
