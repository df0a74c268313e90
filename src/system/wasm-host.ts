// Runs one WebAssembly program, `host.js <program.wasm.br>`, whose standard streams are those of this process. A process
// of its own, started by node-wasm.ts: Node 20 can crash when one process runs a program twice.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { brotliDecompressSync } from 'node:zlib';

/** A call of the system, which answers with an error's number or 0. */
type Call = (...args: readonly unknown[]) => number;

/** Those that the program may make. */
type Calls = Record<'fd_write', Call>;

/** WASI's number of "try again". */
const again = 6;

/**
 * Returns a call that waits until it is possible. The pipe to the process that started this one takes some 64 KiB until
 * that has read them, and refuses the rest.
 */
function patient(call: Call): Call {
  const never = new Int32Array(new SharedArrayBuffer(4));
  return (...args) => {
    for (;;) {
      const code = call(...args);
      if (code !== again) return code;
      Atomics.wait(never, 0, 0, 1);
    }
  };
}

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
  const imports = wasi.getImportObject() as { readonly wasi_snapshot_preview1: Calls };
  imports.wasi_snapshot_preview1.fd_write = patient(imports.wasi_snapshot_preview1.fd_write);
  process.exitCode = wasi.start(new WebAssembly.Instance(module, imports));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 69; // EX_UNAVAILABLE of sysexits.h
}
