import type { Catalog } from '../../src/catalog/catalog.js';
import { catalogFrom, type TemplateSources } from '../../src/catalog/catalog-from.js';
import { templateProgram } from '../../src/catalog/template/compile.js';
import type { Program } from '../../src/catalog/template/program.js';
import { helperNames } from '../../src/render/helpers/helpers.js';

/** The module name that `loadCatalog` imports. */
export const catalogModuleName = 'virtual:catalog';

/**
 * Returns the catalog as the bundle has it. It is one piece: all components are needed to know which are active; and it is
 * JSON, because reading that takes a quarter of the time that the same as JavaScript does.
 */
export function catalogData(sources: TemplateSources): Catalog<Program> {
  return catalogFrom(sources, (file, text) => templateProgram(file, text, helperNames));
}
