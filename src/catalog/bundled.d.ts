/** Made from `templates/` by scripts/build/catalog-module.ts: in the bundle by esbuild, in tests by vitest's plugin. */
declare module 'virtual:catalog' {
  import type { Component, GoPackage, Slot, TemplateVersion } from './catalog.js';

  export const slots: readonly Slot[];
  export const packages: readonly GoPackage[];
  export const components: readonly Component[];
  export const versions: readonly TemplateVersion[];
}
