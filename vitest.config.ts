import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';
import { catalogData, catalogModuleName } from './scripts/build/catalog-data.js';
import { readTemplates } from './scripts/build/read-templates.js';

const root = import.meta.dirname;
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

/** Gives tests the catalog of `templates/` as it is now, made as the build makes it. */
function catalog(): Plugin {
  const resolved = `\0${catalogModuleName}`;
  let code: string | undefined;
  return {
    name: 'catalog',
    resolveId: (id) => (id === catalogModuleName ? resolved : undefined),
    load: (id) => {
      if (id !== resolved) return undefined;
      code ??= `export const catalog = ${JSON.stringify(catalogData(readTemplates(path.join(root, 'templates'))))};`;
      return code;
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
