// Runs one WebAssembly program, `host.js <program.wasm.br>`, whose standard streams are those of this process. A process
// of its own, started by node-wasm.ts: Node 20 can crash when one process runs a program twice.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { brotliDecompressSync } from 'node:zlib';

/** The little that is used of it; Node's types leave its constructors out. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => Instance;
};
interface Instance {
  readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } };
}

/** `fd_read` and `fd_write` of WASI: the address of a list of buffers, its length, and where to put the bytes done. */
type Transfer = (descriptor: number, buffers: number, count: number, done: number) => number;

// A short run would pay several times its own work for optimising code that it then hardly uses, and for validating
// functions that it never calls. A V8 that knows a flag no more says so on standard error and goes on.
for (const flag of ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering', '--wasm-lazy-validation'])
  setFlagsFromString(flag);

const name = process.argv[2] ?? '';
const chunks: Uint8Array[] = [];
for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
try {
  process.exitCode = await run(brotliDecompressSync(readFileSync(name)), Buffer.concat(chunks));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 69; // EX_UNAVAILABLE of sysexits.h
}

/** Runs a program and returns its exit code. WASI itself would give up on a pipe that is full, so the streams are ours. */
async function run(program: Uint8Array, input: Uint8Array): Promise<number> {
  const { WASI } = await import('node:wasi');
  const wasi = new WASI({ version: 'preview1', args: [name], returnOnExit: true });
  const streams = { fd_read: reader(input), fd_write: writer() };
  const imports = { wasi_snapshot_preview1: { ...wasi.wasiImport, ...streams } };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(program), imports);
  return wasi.start(instance);

  function reader(rest: Uint8Array): Transfer {
    return (_, buffers, count, done) =>
      transfer(buffers, count, done, (target) => {
        const read = Math.min(rest.length, target.length);
        target.set(rest.subarray(0, read));
        rest = rest.subarray(read);
        return read;
      });
  }

  function writer(): Transfer {
    return (descriptor, buffers, count, done) =>
      transfer(buffers, count, done, (source) => {
        const stream = descriptor === 1 ? process.stdout : process.stderr;
        stream.write(Uint8Array.from(source));
        return source.length;
      });
  }

  /** Hands each buffer of a list over and adds up what was done with them. */
  function transfer(buffers: number, count: number, done: number, hand: (buffer: Uint8Array) => number): number {
    const { buffer } = instance.exports.memory;
    const view = new DataView(buffer);
    let sum = 0;
    for (let at = buffers; at < buffers + 8 * count; at += 8)
      sum += hand(new Uint8Array(buffer, view.getUint32(at, true), view.getUint32(at + 4, true)));
    view.setUint32(done, sum, true);
    return 0;
  }
}
