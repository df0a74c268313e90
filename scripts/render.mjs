// Renders a manifest with the templates as they are now, without a build: for work on templates.
// Usage: node scripts/render.mjs <service.yaml> <outdir>
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { wasmInCache } from './build/wasm-in-cache.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [manifest, outdir] = process.argv.slice(2);
if (manifest === undefined || outdir === undefined) {
  console.error('usage: node scripts/render.mjs <service.yaml> <outdir>');
  process.exit(2);
}
const outfile = path.join(root, '.cache', 'build', `render-${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
  entryPoints: [path.join(root, 'scripts/build/render-directory.ts')],
  define: { CREATE_SERVICE_WASM: JSON.stringify(wasmInCache()) },
  outfile,
});
const { renderDirectory } = await import(pathToFileURL(outfile).href);
rmSync(outfile);
try {
  const { entries } = await renderDirectory(path.join(root, 'templates'), manifest, outdir);
  console.log(`${entries.length} files in ${outdir}`);
} catch (error) {
  for (const { file, line, column, message } of error.diagnostics ?? [])
    console.error(`${file}:${line}:${column}: ${message}`);
  console.error(error.diagnostics ? error.message : error);
  process.exitCode = 1;
}
