// The table from which go.mod and go.sum of a service are composed (src/derive/tables). Needs Go; after the first run,
// or `go mod download` in templates/ and templates/devstack/, also without network (GOPROXY=off).
// Usage: node scripts/gomod-table.mjs refresh        compute the tables from the pins in templates/go.mod
//        node scripts/gomod-table.mjs prove [count]  compose subsets, `count` of them random; `go mod tidy` must agree
//        node scripts/gomod-table.mjs audit          checksums against the checksum database, and retractions (network)
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const outfile = path.join(root, '.cache', 'build', `gomod-table-${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'warning',
  entryPoints: [path.join(root, 'scripts/gomod-table/main.ts')],
  outfile,
});
const { main } = await import(pathToFileURL(outfile).href);
rmSync(outfile);
process.exitCode = await main(root, process.argv.slice(2));
