// The programs that the tool carries as WebAssembly: today one, scripts/protogen.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { transformSync } from 'esbuild';

/** The command whose generator scripts/protogen/plugin joins: in package main, so it can only be built together with it. */
const command = 'google.golang.org/grpc/cmd/protoc-gen-go-grpc';

/** Fills a folder with what runs the programs: host.js and the programs themselves, compressed. */
export function assembleWasm(root, folder) {
  mkdirSync(folder, { recursive: true });
  const source = readFileSync(path.join(root, 'src/system/wasm-host.ts'), 'utf8');
  const { code } = transformSync(source, { loader: 'ts', format: 'esm', target: 'node20.19', minifySyntax: true });
  place(path.join(folder, 'host.js'), (file) => writeFileSync(file, code));
  const { program } = protogen(root);
  place(path.join(folder, path.basename(program)), (file) => copyFileSync(program, file));
}

/** Returns the licences of what is compiled into the programs, as sections of THIRD_PARTY_LICENSES. */
export function wasmLicences(root) {
  return readFileSync(protogen(root).licences, 'utf8');
}

/** Whoever reads the file meanwhile sees the old one or the new one. */
function place(file, write) {
  const beside = `${file}.${process.pid}`;
  write(beside);
  renameSync(beside, file);
}

/**
 * Compiles scripts/protogen to WebAssembly into .cache/protogen, under the digest of what it is made from, so that only a
 * change costs the minute that it takes. Needs Go; the modules come from its cache or the network, their checksums from go.sum.
 */
function protogen(root) {
  const source = path.join(root, 'scripts/protogen');
  const folder = path.join(root, '.cache/protogen', digest(source));
  if (!existsSync(folder)) {
    const work = `${folder}.${process.pid}`;
    cpSync(source, path.join(work, 'source'), { recursive: true });
    try {
      compile(path.join(work, 'source'), work);
      rmSync(path.join(work, 'source'), { recursive: true });
      if (!existsSync(folder)) renameSync(work, folder);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return { program: path.join(folder, 'protogen.wasm.br'), licences: path.join(folder, 'LICENSES') };
}

function compile(source, outdir) {
  const go = (...args) => {
    const env = { ...process.env, GOFLAGS: '', GOWORK: 'off', GOOS: 'wasip1', GOARCH: 'wasm' };
    return execFileSync('go', args, { cwd: source, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  };
  go('mod', 'vendor');
  const vendored = path.join(source, 'vendor', command);
  copyFileSync(path.join(source, 'plugin/protogen.go'), path.join(vendored, 'protogen.go'));
  const wasm = path.join(source, 'protogen.wasm');
  go('build', '-mod=vendor', '-tags=protogen', '-trimpath', '-buildvcs=false', '-ldflags=-s -w', '-o', wasm, command);
  writeFileSync(path.join(outdir, 'protogen.wasm.br'), compressed(readFileSync(wasm)));
  writeFileSync(path.join(outdir, 'LICENSES'), licences(source, go));
}

function compressed(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** A section for each Go module in the program, and one for Go's own library. */
function licences(source, go) {
  const format = '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}';
  const listed = go('list', '-mod=vendor', '-deps', '-tags=protogen', '-f', format, command).split('\n');
  const modules = [...new Set(listed)].filter((line) => line !== '').sort();
  const sections = modules.map((line) => {
    const [module] = line.split(' ');
    return section(line, path.join(source, 'vendor', module));
  });
  const [goroot, version] = go('env', 'GOROOT', 'GOVERSION').trim().split('\n');
  return [section(`Go ${version.slice('go'.length)}`, goroot), ...sections].join('\n');
}

function section(title, folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${title} has no licence file in ${folder}`);
  return `## ${title}\n\n${readFileSync(path.join(folder, file), 'utf8').trim()}\n`;
}

/** One digest over this script and the files of a folder. */
function digest(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !file.endsWith('_test.go'));
  const hash = createHash('sha256').update(readFileSync(fileURLToPath(import.meta.url)));
  for (const file of files.sort()) hash.update(`${path.relative(folder, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}
