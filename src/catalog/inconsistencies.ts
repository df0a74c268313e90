import type { Diagnostic } from '../errors.js';
import type { Catalog, Component } from './catalog.js';
import { templatesModule } from './go-packages.js';

/** Returns what does not fit together in a catalog whose files are each right. */
export function inconsistencies<T>(catalog: Catalog<T>): readonly Diagnostic[] {
  return [
    ...unknownSlots(catalog),
    ...sharedPaths(catalog),
    ...unknownComponents(catalog),
    ...circles(catalog),
    ...unknownImports(catalog),
    ...sharedKeys(catalog),
    ...unequalData(catalog),
  ];
}

function unknownSlots<T>({ components, slots }: Catalog<T>): readonly Diagnostic[] {
  const known = new Set(slots.map(({ name }) => name));
  return components
    .flatMap(({ fragments }) => fragments)
    .filter(({ slot }) => !known.has(slot))
    .map(({ slot, source }) => about(source, `service/slots.yaml declares no slot "${slot}"`));
}

/** Files of one path that are for resources of different kinds do not meet; the renderer refuses those that do. */
function sharedPaths<T>({ components }: Catalog<T>): readonly Diagnostic[] {
  const owners = new Map<string, string>();
  return components
    .flatMap(({ files, appliesTo = '' }) => files.map((file) => ({ ...file, appliesTo })))
    .flatMap(({ path, source, appliesTo }) => {
      const key = `${path.toLowerCase()} ${path.includes('__resource') ? appliesTo : ''}`;
      const other = owners.get(key);
      owners.set(key, source);
      return other === undefined ? [] : [about(source, `${path} is also made by ${other}`)];
    });
}

function unknownComponents<T>({ components }: Catalog<T>): readonly Diagnostic[] {
  const known = new Set(components.map(({ name }) => name));
  return components.flatMap((component) =>
    (['requires', 'conflicts'] as const).flatMap((list) =>
      component[list]
        .filter((name) => !known.has(name))
        .map((name) => about(fileOf(component), `${list}: there is no component "${name}"`)),
    ),
  );
}

function circles<T>({ components }: Catalog<T>): readonly Diagnostic[] {
  const byName = new Map(components.map((component) => [component.name, component]));
  const circle = (name: string, path: readonly string[]): readonly string[] | undefined => {
    if (path[0] === name) return [...path, name];
    if (path.includes(name)) return undefined;
    return byName
      .get(name)
      ?.requires.reduce<readonly string[] | undefined>(
        (found, next) => found ?? circle(next, [...path, name]),
        undefined,
      );
  };
  return components.flatMap((component) => {
    const found = circle(component.name, []);
    return found ? [about(fileOf(component), `requires: ${found.join(' → ')} is a circle`)] : [];
  });
}

function unknownImports<T>({ packages }: Catalog<T>): readonly Diagnostic[] {
  const known = new Set(packages.map(({ importPath }) => importPath));
  return packages.flatMap(({ importPath, imports }) =>
    imports
      .filter((path) => !known.has(path))
      .map((path) => about(folderOf(importPath), `imports ${path}, which is no package here`)),
  );
}

/** One environment key has one meaning, in every combination of components. */
function sharedKeys<T>({ packages }: Catalog<T>): readonly Diagnostic[] {
  const owners = new Map<string, string>();
  return packages.flatMap(({ importPath, config }) =>
    config.flatMap(({ key }) => {
      const other = owners.get(key);
      owners.set(key, folderOf(importPath));
      return other === undefined ? [] : [about(folderOf(importPath), `the key ${key} is also declared by ${other}`)];
    }),
  );
}

/** Ports, images and keys of components are merged by name: equal ones are one, unequal ones cannot be. */
function unequalData<T>({ components }: Catalog<T>): readonly Diagnostic[] {
  const first = new Map<string, { readonly owner: string; readonly data: string }>();
  return components.flatMap((component) =>
    namedData(component).flatMap(([name, value]) => {
      const data = JSON.stringify(value);
      const other = first.get(name) ?? { owner: fileOf(component), data };
      first.set(name, other);
      return other.data === data ? [] : [about(fileOf(component), `${name} is not what ${other.owner} says`)];
    }),
  );
}

function namedData<T>({ ports, images, env }: Component<T>): readonly (readonly [name: string, value: unknown])[] {
  return [
    ...ports.map((port) => [`port ${port.name}`, port] as const),
    ...images.map((image) => [`image ${image.name}`, image] as const),
    ...env.map((key) => [`key ${key.key}`, key] as const),
  ];
}

function fileOf<T>({ name }: Component<T>): string {
  return name === 'service' ? 'service/component.yaml' : `components/${name}/component.yaml`;
}

function folderOf(importPath: string): string {
  return importPath.slice(templatesModule.length + 1);
}

function about(file: string, message: string): Diagnostic {
  return { file, line: 0, column: 0, message };
}
