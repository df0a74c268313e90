import type { Catalog } from './catalog.js';

/** Returns the catalog that this version of the tool ships. */
export async function loadCatalog(): Promise<Catalog> {
  const { components, packages, slots, versions } = await import('virtual:catalog');
  return { components, packages, slots, versions };
}
