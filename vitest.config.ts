import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { catalogModulePrefix, catalogModules } from './scripts/build/catalog-modules.js';
import { readTemplates } from './scripts/build/read-templates.js';

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

/** Gives tests the catalog of `templates/` as it is now, made as the build makes it. */
function catalog(): Plugin {
  const prefix = `\0${catalogModulePrefix}`;
  let modules: ReadonlyMap<string, string> | undefined;
  return {
    name: 'catalog',
    resolveId: (id) => (id.startsWith(catalogModulePrefix) ? `\0${id}` : undefined),
    load: (id) => {
      if (!id.startsWith(prefix)) return undefined;
      modules ??= catalogModules(readTemplates(path.join(root, 'templates')));
      return modules.get(id.slice(1));
    },
  };
}

export default defineConfig({
  define: {
    CREATE_SERVICE_VERSION: JSON.stringify(version),
    CREATE_SERVICE_TWIN: JSON.stringify('of the built tool only'),
    CREATE_SERVICE_WASM: JSON.stringify(pathToFileURL(path.join(root, '.cache/wasm/')).href),
  },
  plugins: [catalog()],
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    globalSetup: 'scripts/build/wasm-in-cache.mjs',
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
