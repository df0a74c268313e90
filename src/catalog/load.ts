import type { Catalog } from './catalog.js';

/** Returns the catalog that this version of the tool ships. */
export async function loadCatalog(): Promise<Catalog> {
  const { slots, parts } = await import('virtual:catalog');
  const loaded = await Promise.all(parts.map((part) => part()));
  const packages = loaded.flatMap((part) => part.packages).sort((a, b) => (a.directory < b.directory ? -1 : 1));
  return { components: loaded.map(({ component }) => component), packages, slots };
}
