/** Made from `templates/` by scripts/build/catalog-modules.ts: in the bundle by esbuild, in tests by vitest's plugin. */
declare module 'virtual:catalog' {
  import type { Component, GoPackage, Slot } from './catalog.js';

  /** What one component's folder holds. */
  interface Part {
    readonly component: Component;
    readonly packages: readonly GoPackage[];
  }

  export const slots: readonly Slot[];
  /** One lazily loaded chunk a component, in the catalog's order. */
  export const parts: readonly (() => Promise<Part>)[];
}
