// Builds dist/: the tool as an ES module bundle with lazy chunks and no dependencies, and the templates beside it.
// Usage: node scripts/build.mjs [outdir [templates]]
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { leanStart } from './build/lean-start.mjs';
import { assembleWasm, wasmLicences } from './build/wasm.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const outdir = path.resolve(process.argv[2] ?? path.join(root, 'dist'));
const at = (...parts) => path.join(root, ...parts);
const templates = path.resolve(process.argv[3] ?? at('templates'));

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  logLevel: 'warning',
};

async function buildTools() {
  const outfile = at('.cache', 'build', `tools-${process.pid}.mjs`);
  await build({ ...common, entryPoints: [at('scripts/build/tools.ts')], outfile, packages: 'external' });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}

/** The catalog's module reads catalog.json, which lies beside the chunks. */
function catalogPlugin(name) {
  const contents = `import { readFileSync } from 'node:fs';
    export const catalog = JSON.parse(readFileSync(new URL('../catalog.json', import.meta.url), 'utf8'));`;
  return {
    name: 'catalog',
    setup(bundle) {
      bundle.onResolve({ filter: new RegExp(`^${name}$`) }, ({ path: found }) => ({
        path: found,
        namespace: 'catalog',
      }));
      bundle.onLoad({ filter: /.*/, namespace: 'catalog' }, () => ({ contents, loader: 'js' }));
    },
  };
}

/** Escapes what is not ASCII: with one such character V8 keeps a text in two bytes a character, which takes twice the time to read. */
function ascii(json) {
  return json.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function writeIfChanged(file, text) {
  let before;
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // There is none yet.
  }
  if (before !== text) writeFileSync(file, text);
}

const licences = wasmLicences(root);
const tools = await buildTools();
writeIfChanged(at('src/commands_gen.ts'), tools.commandRegistry(tools.commandNames(at('src/commands'))));
writeIfChanged(at('src/names/packages_gen.ts'), tools.packageRegistry(tools.packageNames(at('templates'))));
const catalog = ascii(JSON.stringify(tools.catalogData(tools.readTemplates(templates))));
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const { metafile, outputFiles } = await build({
  ...common,
  entryPoints: { main: at('src/main.ts') },
  outdir,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  // White space and syntax only, in lines of bearable length: what is loaded at every start is a third smaller, and an
  // uncaught error still shows names and one line. CommonJS packages ask for `require` of Node's modules.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 160,
  // The same code as an ES module, of which only what is used gets into the bundle.
  alias: { yaml: at('node_modules/yaml/browser/index.js') },
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  define: {
    CREATE_SERVICE_VERSION: JSON.stringify(version),
    // Seen from dist/chunks.
    CREATE_SERVICE_WASM: JSON.stringify('../wasm/'),
    CREATE_SERVICE_TWIN: JSON.stringify('../../bin/twin.js'),
  },
  plugins: [catalogPlugin(tools.catalogModuleName), leanStart],
  metafile: true,
  write: false,
});

// Only now: a build that fails leaves the last one in place.
rmSync(outdir, { recursive: true, force: true, maxRetries: 5 });
mkdirSync(path.join(outdir, 'chunks'), { recursive: true });
for (const file of outputFiles) writeFileSync(file.path, file.contents);
writeFileSync(path.join(outdir, 'catalog.json'), catalog);
writeFileSync(path.join(outdir, 'service.schema.json'), `${JSON.stringify(tools.jsonSchema(), undefined, 2)}\n`);
const notices = `${tools.thirdPartyLicenses(Object.keys(metafile.inputs), root)}\nThe WebAssembly contains these modules.\n\n${licences}`;
writeFileSync(path.join(outdir, 'THIRD_PARTY_LICENSES'), notices);
assembleWasm(root, path.join(outdir, 'wasm'));
writeFileSync(path.join(outdir, 'metafile.json'), JSON.stringify(metafile));
