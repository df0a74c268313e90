// Runs one WebAssembly program, `host.js <program.wasm.br>`, whose standard streams are those of this process. A process
// of its own, started by node-wasm.ts: Node 20 can crash when one process runs a program twice.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { brotliDecompressSync } from 'node:zlib';

/** The little that is used of it; Node's types leave its constructors out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => object;
};

// A short run would pay several times its own work for optimising code that it then hardly uses, and for validating
// functions that it never calls. A V8 that knows a flag no more says so on standard error and goes on.
for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering', '--wasm-lazy-validation'])
  setFlagsFromString(flag);

try {
  const { WASI } = await import('node:wasi');
  const wasi = new WASI({ version: 'preview1' });
  const module = new WebAssembly.Module(brotliDecompressSync(readFileSync(process.argv[2] ?? '')));
  process.exitCode = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 69; // EX_UNAVAILABLE of sysexits.h
}
