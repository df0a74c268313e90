import type { Component, Fragment, TemplateFile } from '../../src/catalog/catalog.js';
import { catalogFrom, type TemplateSources } from '../../src/catalog/catalog-from.js';
import { templateCode } from '../../src/catalog/template/compile.js';
import { helperNames } from '../../src/render/helpers/helpers.js';

/** The module name that `loadCatalog` imports. */
export const catalogModuleName = 'virtual:catalog';

/**
 * Returns the JavaScript module of the catalog. It is one: all components are needed to know which are active, and Node
 * takes a millisecond for each module beside what is in it.
 */
export function catalogModule(sources: TemplateSources): string {
  const catalog = catalogFrom(sources, (file, text) => templateCode(file, text, helperNames));
  return [
    `export const versions = ${JSON.stringify(catalog.versions)};`,
    `export const slots = ${JSON.stringify(catalog.slots)};`,
    `export const packages = ${JSON.stringify(catalog.packages, undefined, 1)};`,
    `export const components = [\n${catalog.components.map(componentCode).join('')}];`,
    '',
  ].join('\n');
}

function componentCode({ files, fragments, ...data }: Component<string>): string {
  const lists = [`files: [\n${files.map(templated).join('')}]`, `fragments: [\n${fragments.map(templated).join('')}]`];
  return `{ ...${JSON.stringify(data)},\n${lists.join(',\n')} },\n`;
}

function templated({ template, ...data }: TemplateFile<string> | Fragment<string>): string {
  return `{ ...${JSON.stringify(data)}, template: ${template} },\n`;
}
