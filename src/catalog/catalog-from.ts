import { type Diagnostic, UserError } from '../errors.js';
import type { Catalog, Component, Fragment, TemplateFile } from './catalog.js';
import { readComponent } from './component-file.js';
import { goPackages } from './go-packages.js';
import { inconsistencies } from './inconsistencies.js';
import { ownershipOf } from './ownership.js';
import { readSlots } from './slots-file.js';
import { readTemplateVersions } from './template-versions.js';

/** Text of every file under `templates/`, by its path there with forward slashes. */
export type TemplateSources = ReadonlyMap<string, string>;

/** Turns the text of a template into what the catalog holds; reports problems by throwing a UserError. */
export type Compile<T> = (source: string, text: string) => T;

/**
 * Makes the catalog from the files of a templates directory.
 *
 * @throws UserError naming every file that is wrong: a bad component.yaml, a template that does not compile, a file
 * without a class, a fragment for an unknown slot, two components that own one path
 */
export function catalogFrom<T>(sources: TemplateSources, compile: Compile<T>): Catalog<T> {
  const problems: Diagnostic[] = [];
  const attempt = <R>(read: () => R): readonly R[] => collect(read, problems);
  const slots = attempt(() => readSlots(sources)).flat();
  const components = componentFolders(sources).flatMap((folder) =>
    attempt(() => component(folder, sources, attempt, compile)),
  );
  const packages = attempt(() => goPackages(sources)).flat();
  const versions = attempt(() => readTemplateVersions(sources)).flat();
  const platform = platformFiles(sources, attempt, compile);
  const catalog = { components, packages, slots, platform, versions };
  if (problems.length === 0) problems.push(...inconsistencies(catalog));
  if (problems.length > 0) throw new UserError('the templates are not valid', { diagnostics: problems });
  return catalog;
}

type Attempt = <R>(read: () => R) => readonly R[];

function collect<R>(read: () => R, problems: Diagnostic[]): readonly R[] {
  try {
    return [read()];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.diagnostics);
    return [];
  }
}

/** Returns the component folders: `service`, then the others by name, glue last. */
function componentFolders(sources: TemplateSources): readonly string[] {
  const names = new Set([...sources.keys()].flatMap((path) => /^components\/([^/]+)\//.exec(path)?.[1] ?? []));
  const isGlue = (name: string) => Number(name.includes('+'));
  const sorted = [...names].sort((a, b) => isGlue(a) - isGlue(b) || (a < b ? -1 : 1));
  return ['service', ...sorted.map((name) => `components/${name}`)];
}

function component<T>(folder: string, sources: TemplateSources, attempt: Attempt, compile: Compile<T>): Component<T> {
  const { ownership, copies, ...data } = readComponent(folder, sources);
  const copied = copies.flatMap(({ from, to }) => {
    const files = below(`${from}/`, sources);
    if (files.length === 0) throw wrongFile(`${folder}/component.yaml`, `copies: there is nothing in ${from}`);
    return files.map(([path, source, text]) => [`${to}/${path}`, source, text] as const);
  });
  const files = [...below(`${folder}/files/`, sources), ...copied].flatMap(([path, source, text]) =>
    attempt((): TemplateFile<T> => {
      const target = targetPath(path, source);
      return { path: target, source, ...ownershipOf(target, ownership, source), template: compile(source, text) };
    }),
  );
  const fragments = below(`${folder}/slots/`, sources).flatMap(([path, source, text]) =>
    attempt((): Fragment<T> => ({ slot: targetPath(path, source), source, template: compile(source, text) })),
  );
  return { ...data, files, fragments };
}

function platformFiles<T>(sources: TemplateSources, attempt: Attempt, compile: Compile<T>): readonly TemplateFile<T>[] {
  return below('platform/files/', sources).flatMap(([path, source, text]) =>
    attempt(
      (): TemplateFile<T> => ({
        path: targetPath(path, source),
        source,
        class: 'managed',
        mode: 0o644,
        template: compile(source, text),
      }),
    ),
  );
}

function below(
  prefix: string,
  sources: TemplateSources,
): readonly (readonly [path: string, source: string, text: string])[] {
  const found = [...sources].filter(([source]) => source.startsWith(prefix));
  return found
    .map(([source, text]) => [source.slice(prefix.length), source, text] as const)
    .sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

/** A file that does not end in .hbs is copied as it is; Go files must, to be out of the Go tool's sight. */
function targetPath(path: string, source: string): string {
  if (path.endsWith('.go')) throw wrongFile(source, 'a Go file below files/ ends in .go.hbs');
  return path.replace(/\.hbs$/, '');
}

function wrongFile(file: string, message: string): UserError {
  return new UserError(message, { diagnostics: [{ file, line: 0, column: 0, message }] });
}
