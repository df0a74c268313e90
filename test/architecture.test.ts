import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Node, type SourceFile, SyntaxKind } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { commandNames, commandRegistry } from '../scripts/build/command-registry.js';
import { packageNames, packageRegistry } from '../scripts/build/package-registry.js';
import { globalUses, importsOf, nameOf, root, sourceFiles } from './support/source-files.js';

const files = sourceFiles('src/**/*.ts', 'test/**/*.ts', 'scripts/**/*.ts');
const isTest = (name: string) => name.endsWith('.test.ts') || name.startsWith('test/');
/** The tool itself, without its tests. */
const product = files.filter((file) => nameOf(file).startsWith('src/') && !isTest(nameOf(file)));

/**
 * The one-way street: which folders of `src` (or files directly in it) may import which others, beside themselves and
 * `errors`, `text`. Time, environment, disk and processes are behind `system`.
 */
const street: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  text: [],
  go: [],
  names: [],
  values: [],
  catalog: ['go'],
  manifest: ['catalog', 'names', 'values'],
  contracts: ['manifest', 'names', 'lock', 'system'],
  resolve: ['manifest', 'catalog', 'contracts', 'names', 'values'],
  render: ['resolve', 'catalog', 'go'],
  lock: ['catalog'],
  plan: ['render', 'catalog', 'lock'],
  merge: ['plan', 'render', 'catalog', 'lock', 'go'],
  derive: ['render', 'resolve', 'catalog', 'go', 'system'],
  rules: ['render', 'resolve', 'catalog', 'manifest', 'lock'],
  apply: ['plan', 'merge', 'render', 'lock', 'catalog', 'system', 'failure'],
  street: ['manifest', 'catalog', 'contracts', 'resolve', 'render', 'derive', 'system'],
  migrations: ['resolve', 'render', 'catalog'],
  update: [
    'street',
    'migrations',
    'manifest',
    'catalog',
    'contracts',
    'resolve',
    'render',
    'plan',
    'merge',
    'derive',
    'apply',
    'lock',
    'command',
    'system',
    'version',
  ],
  system: [],
  version: [],
  failure: ['system'],
  command: ['system'],
  program: ['command', 'system'],
  commands_gen: ['command', 'commands'],
  workspace: ['manifest', 'catalog', 'resolve', 'render', 'lock', 'plan', 'system'],
  commands: [
    'names',
    'manifest',
    'catalog',
    'resolve',
    'render',
    'plan',
    'merge',
    'derive',
    'apply',
    'rules',
    'lock',
    'workspace',
    'street',
    'update',
    'command',
    'system',
    'version',
    'failure',
  ],
  main: ['commands_gen', 'program', 'command', 'failure', 'system', 'version'],
};

/** Packages and modules of Node that only these folders may import; what is not named here, nobody may. */
const modules: Readonly<Record<string, readonly string[]>> = {
  'node:path': ['apply', 'commands', 'contracts', 'system', 'derive', 'update', 'workspace'],
  'node:buffer': ['apply'],
  'node:crypto': ['lock', 'derive'],
  'node:events': ['system'],
  'node:fs': ['system'],
  'node:fs/promises': ['system'],
  'node:os': ['system'],
  'node:process': ['system'],
  'node:tty': ['system'],
  'node:child_process': ['system'],
  'node:url': ['system'],
  'node:v8': ['system'],
  'node:wasi': ['system'],
  'node:zlib': ['system'],
  inquirer: ['system'],
  '@inquirer/core': ['system'],
  '@inquirer/prompts': ['system'],
  chalk: ['system'],
  commander: ['program', 'main', 'commands', 'failure'],
  handlebars: ['catalog'],
  yaml: ['catalog', 'manifest', 'contracts', 'render', 'lock', 'merge', 'derive', 'update'],
  zod: ['catalog', 'manifest'],
  diff: ['merge', 'update'],
  pluralize: ['resolve', 'text', 'manifest'],
  'virtual:catalog': ['catalog'],
};

const folderOf = (name: string) => /^src\/([^/.]+)/.exec(name)?.[1] ?? name;

/** Returns the folder of `src` that a relative import leads to. */
function target(file: SourceFile, specifier: string): string {
  return folderOf(path.posix.join(path.posix.dirname(nameOf(file)), specifier));
}

describe('who may import whom', () => {
  it('every folder is on the street', () => {
    expect(
      [...new Set(product.map((file) => folderOf(nameOf(file))))].filter((folder) => !Object.hasOwn(street, folder)),
    ).toEqual([]);
  });

  it('the street has no way back', () => {
    const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
      (street[from] ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
    expect(Object.keys(street).filter((folder) => reaches(folder, folder))).toEqual([]);
  });

  it('a folder imports only what the street allows', () => {
    const wrong = product.flatMap((file) => {
      const folder = folderOf(nameOf(file));
      const allowed = [folder, 'errors', 'text', ...(street[folder] ?? [])];
      const relative = importsOf(file).filter(({ specifier }) => specifier.startsWith('.'));
      return relative
        .filter(({ specifier }) => !allowed.includes(target(file, specifier)))
        .map(({ specifier, line }) => `${nameOf(file)}:${line} imports ${specifier}`);
    });
    expect(wrong).toEqual([]);
  });

  it('a module is imported only where it belongs', () => {
    const wrong = product.flatMap((file) =>
      importsOf(file)
        .filter(({ specifier }) => !specifier.startsWith('.'))
        .filter(({ specifier }) => !modules[specifier]?.includes(folderOf(nameOf(file))))
        .map(({ specifier, line }) => `${nameOf(file)}:${line} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('the product imports no test support', () => {
    const wrong = product.filter((file) =>
      importsOf(file).some(({ specifier }) => /\.test\.js$|\/test\/|\/scripts\//.test(specifier)),
    );
    expect(wrong.map(nameOf)).toEqual([]);
  });

  it.each(['process', 'Date', 'console', 'performance', 'fetch'])('%s is used in system only', (name) => {
    const wrong = product
      .filter((file) => folderOf(nameOf(file)) !== 'system')
      .flatMap((file) => globalUses(file, name).map((line) => `${nameOf(file)}:${line}`));
    expect(wrong).toEqual([]);
  });

  it('randomness is an argument', () => {
    expect(product.filter((file) => file.getFullText().includes('Math.random')).map(nameOf)).toEqual([]);
  });
});

describe('files and functions', () => {
  it('no file is over 400 lines', () => {
    expect(
      files
        .map(nameOf)
        .filter((name, index) => !name.endsWith('_gen.ts') && (files[index]?.getEndLineNumber() ?? 0) > 400),
    ).toEqual([]);
  });

  it('no function of the product is over 80 lines', () => {
    const long = product.flatMap((file) =>
      file
        .getDescendants()
        .filter(
          (node) =>
            Node.isFunctionDeclaration(node) ||
            Node.isMethodDeclaration(node) ||
            Node.isArrowFunction(node) ||
            Node.isFunctionExpression(node),
        )
        .filter((node) => node.getEndLineNumber() - node.getStartLineNumber() + 1 > 80)
        .map((node) => `${nameOf(file)}:${node.getStartLineNumber()}`),
    );
    expect(long).toEqual([]);
  });

  it('nothing is typed any, and no check is switched off', () => {
    const wrong = files.flatMap((file) => [
      ...file
        .getDescendantsOfKind(SyntaxKind.AnyKeyword)
        .map((node) => `${nameOf(file)}:${node.getStartLineNumber()} any`),
      ...[...file.getFullText().matchAll(/@ts-(ignore|expect-error|nocheck)\b(?!\|)/g)].map(
        ([found]) => `${nameOf(file)} ${found}`,
      ),
    ]);
    expect(wrong.filter((place) => !place.startsWith('test/architecture.test.ts'))).toEqual([]);
  });

  it('names say what a thing is', () => {
    const vague = /(^|[/-])(utils?|common|misc|lib|core|types|manager|stuff)([./-]|$)/;
    expect(files.map(nameOf).filter((name) => vague.test(name))).toEqual([]);
  });

  it('files are named in kebab-case', () => {
    expect(files.map(nameOf).filter((name) => !/^[a-z0-9/_-]+(\.test|\.d)?\.ts$/.test(name))).toEqual([]);
  });

  it('exports have names', () => {
    expect(product.filter((file) => /^export default\b|as default\b/m.test(file.getFullText())).map(nameOf)).toEqual(
      [],
    );
  });

  it('every exported function, class and constant says what it is', () => {
    const silent = product.flatMap((file) =>
      [...file.getFunctions(), ...file.getClasses(), ...file.getVariableStatements()]
        .filter((node) => node.hasExportKeyword() && node.getJsDocs().length === 0)
        .filter((node) => !(Node.isFunctionDeclaration(node) && node.isOverload() && node !== node.getOverloads()[0]))
        .map((node) => `${nameOf(file)}:${node.getStartLineNumber()}`),
    );
    expect(silent).toEqual([]);
  });
});

describe('generated registries', () => {
  it('src/commands_gen.ts lists the files of src/commands', () => {
    const text = readFileSync(path.join(root, 'src/commands_gen.ts'), 'utf8');
    expect(text).toBe(commandRegistry(commandNames(path.join(root, 'src/commands'))));
  });

  it('src/names/packages_gen.ts lists the plain Go packages', () => {
    const text = readFileSync(path.join(root, 'src/names/packages_gen.ts'), 'utf8');
    expect(text).toBe(packageRegistry(packageNames(path.join(root, 'templates'))));
  });
});
