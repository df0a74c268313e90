/** Made from `templates/` by scripts/build/catalog-data.ts: in the bundle by esbuild, in tests by vitest's plugin. */
declare module 'virtual:catalog' {
  import type { Catalog } from './catalog.js';
  import type { Program } from './template/program.js';

  export const catalog: Catalog<Program>;
}
