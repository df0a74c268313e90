/** What scripts/build.mjs needs from TypeScript; it bundles this file first, because Node 20 does not run it. */
export { jsonSchema } from '../../src/manifest/json-schema.js';
export { catalogData, catalogModuleName } from './catalog-data.js';
export { commandNames, commandRegistry } from './command-registry.js';
export { thirdPartyLicenses } from './licenses.js';
export { packageNames, packageRegistry } from './package-registry.js';
export { readTemplates } from './read-templates.js';
