import type { Catalog, Component, Fragment, TemplateFile } from '../../src/catalog/catalog.js';
import { catalogFrom, type TemplateSources } from '../../src/catalog/catalog-from.js';
import { templateCode } from '../../src/catalog/template/compile.js';
import { helperNames } from '../../src/render/helpers/helpers.js';

/** Beginning of the module names that `loadCatalog` imports. */
export const catalogModulePrefix = 'virtual:catalog';

/** Returns the JavaScript modules of the catalog by name: one that lists, and one for each component. */
export function catalogModules(sources: TemplateSources): ReadonlyMap<string, string> {
  const catalog = catalogFrom(sources, (file, text) => templateCode(file, text, helperNames));
  const parts = catalog.components.map((component) => [partName(component), partModule(component, catalog)] as const);
  return new Map([[catalogModulePrefix, indexModule(catalog)], ...parts]);
}

function partName({ name }: Component<string>): string {
  return `${catalogModulePrefix}/${name}`;
}

function indexModule({ components, slots }: Catalog<string>): string {
  const imports = components.map((component) => `() => import(${JSON.stringify(partName(component))}),\n`);
  return `export const slots = ${JSON.stringify(slots)};\nexport const parts = [\n${imports.join('')}];\n`;
}

function partModule({ files, fragments, ...data }: Component<string>, { packages }: Catalog<string>): string {
  const own = packages.filter(({ owner }) => owner === data.name);
  return [
    `const files = [\n${files.map(templated).join('')}];`,
    `const fragments = [\n${fragments.map(templated).join('')}];`,
    `export const component = { ...${JSON.stringify(data)}, files, fragments };`,
    `export const packages = ${JSON.stringify(own, undefined, 1)};`,
    '',
  ].join('\n');
}

function templated({ template, ...data }: TemplateFile<string> | Fragment<string>): string {
  return `{ ...${JSON.stringify(data)}, template: ${template} },\n`;
}
