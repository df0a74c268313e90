import type { Catalog } from '../../src/catalog/catalog.js';
import { catalogFrom } from '../../src/catalog/catalog-from.js';
import { compileTemplate } from '../../src/catalog/template/compile.js';
import { helperNames } from '../../src/render/helpers/helpers.js';

/** Returns the component.yaml of a component whose files are all people's own. */
export function aComponent(name: string, more = ''): string {
  return `name: ${name}\ntitle: ${name}\nsummary: It is ${name}.\nownership: { "**_gen.go": generated, "**": yours }\n${more}`;
}

/** Returns a catalog of these files of a templates directory; `service` itself needs no component.yaml. */
export function aCatalog(files: Readonly<Record<string, string>>): Catalog {
  const sources = new Map(Object.entries({ 'service/component.yaml': aComponent('service'), ...files }));
  return catalogFrom(sources, (file, text) => compileTemplate(file, text, helperNames));
}
