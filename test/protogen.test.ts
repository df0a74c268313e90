import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { protoGo } from '../src/derive/proto-go.js';
import { UserError } from '../src/errors.js';
import type { FileEntry } from '../src/render/file-tree.js';
import { nodeWasm } from '../src/system/node-wasm.js';
import { digestList } from './support/digest-list.js';
import { listFiles } from './support/expect-tree.js';
import { root } from './support/source-files.js';

const wasm = nodeWasm();

/** Every kind of thing that a .proto file can hold. */
function fixture(): readonly FileEntry[] {
  const folder = path.join(root, 'test/fixtures/protos');
  return listFiles(folder).map((name) => aFile(name, readFileSync(path.join(folder, name), 'utf8')));
}

function aFile(name: string, body: string): FileEntry {
  return { path: name, body, mode: 0o644, owner: 'grpc', class: 'yours' };
}

/** Returns what a person is told about .proto files. */
async function problems(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const entries = Object.entries(files).map(([name, body]) => aFile(name, body));
  const error: unknown = await protoGo({ entries }, { wasm }).catch((thrown: unknown) => thrown);
  if (!(error instanceof UserError)) return expect.fail(`no UserError: ${String(error)}`);
  return error.diagnostics.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
}

const head = 'syntax = "proto3";\npackage a.v1;\noption go_package = "e.org/a/v1;av1";\n';

describe('the Go of .proto files', () => {
  it('has the digests that buf generate gave (npm run verify -- protos asks it)', async () => {
    const { entries } = await protoGo({ entries: fixture() }, { wasm });
    expect(entries.length).toBe(15);
    await expect(digestList({ entries })).toMatchFileSnapshot('golden/protos.digests');
  });

  it('is the same in another order of the files', async () => {
    const files = fixture();
    const there = await protoGo({ entries: files }, { wasm });
    expect(await protoGo({ entries: [...files].reverse() }, { wasm })).toEqual(there);
  });
});

describe('a mistake in a .proto file', () => {
  it('is told with its place, those of all files at once', async () => {
    expect(
      await problems({
        'api/a.proto': `${head}message M {\n  strin name = 1;\n  int32 x = 2;\n  int32 y = 2;\n}\n`,
        'api/b.proto': `${head}message N {\n  string name = 1\n}\n`,
      }),
    ).toEqual([
      'api/a.proto:7:13: message a.v1.M: fields x and y both have the same tag 2',
      "api/b.proto:6:1: syntax error: expecting ';'",
    ]);
  });

  it('may be a type, an import or a name that does not exist', async () => {
    expect(await problems({ 'a.proto': `${head}message M {\n  strin name = 1;\n}\n` })).toEqual([
      'a.proto:5:3: field a.v1.M.name: unknown type strin',
    ]);
    expect(await problems({ 'a.proto': `${head}import "b.proto";\n` })).toEqual([
      'a.proto:4:8: could not resolve path "b.proto": file does not exist',
    ]);
  });

  it('may be a go_package that is missing or clashes', async () => {
    expect(
      await problems({ 'a.proto': 'syntax = "proto3";\n', 'b.proto': 'syntax = "proto3";\nmessage M {}\n' }),
    ).toEqual(['a.proto:0:0: option go_package is missing', 'b.proto:0:0: option go_package is missing']);
    const [clash] = await problems({ 'a.proto': head, 'b.proto': head.replace(';av1', ';other') });
    expect(clash).toMatch(/^a\.proto:0:0: Go package "e\.org\/a\/v1" has inconsistent names /);
  });
});

describe('the process that runs it', () => {
  const { execPath } = process;
  afterEach(() => {
    process.execPath = execPath;
    delete process.env.NODE_OPTIONS;
  });

  const input = JSON.stringify({ files: [{ path: 'a.proto', text: head }] });

  it('says nothing of its own, whatever a person asks of Node', async () => {
    process.env.NODE_OPTIONS = '--require=/nowhere.js';
    expect(await wasm('protogen', { input, timeoutMs: 60_000 })).toMatchObject({ code: 0, stderr: '' });
  });

  it('takes and gives more than a pipe holds', async () => {
    const comment = `// ${'x'.repeat(1_000)}\n`.repeat(500);
    const { entries } = await protoGo({ entries: [aFile('a.proto', `${head}${comment}message M {}\n`)] }, { wasm });
    expect(entries[0]?.body).toContain(`${comment}type M struct {\n`);
  });

  it('is killed when it takes too long', async () => {
    expect(await wasm('protogen', { input, timeoutMs: 1 })).toEqual({ unavailable: 'it was ended by signal 9' });
  });

  it('may not start', async () => {
    process.execPath = '/nowhere/node';
    expect(await wasm('protogen', { input, timeoutMs: 60_000 })).toEqual({
      unavailable: 'there is no Node at /nowhere/node',
    });
    process.execPath = tmpdir();
    expect(await wasm('protogen', { input, timeoutMs: 60_000 })).toEqual({
      unavailable: expect.stringMatching(/^Node could not be started \(.*EACCES/),
    });
  });

  it('says why the program cannot run', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'wasm-'));
    copyFileSync(path.join(root, '.cache/wasm/host.js'), path.join(folder, 'host.js'));
    const reasons = [/no such file/, /decompress|brotli|unexpected end/i, /expected magic word/];
    const bodies = [undefined, 'no brotli', brotliCompressSync('no WebAssembly')];
    for (const [index, body] of bodies.entries()) {
      if (body !== undefined) writeFileSync(path.join(folder, 'protogen.wasm.br'), body);
      const result = await nodeWasm(folder)('protogen', { input, timeoutMs: 60_000 });
      expect(result).toEqual({ unavailable: expect.stringMatching(reasons[index] ?? /^$/) });
    }
    rmSync(folder, { recursive: true });
    expect(await nodeWasm(folder)('protogen', { input, timeoutMs: 60_000 })).toHaveProperty('unavailable');
  });

  it('fails when what it gets is no request', async () => {
    const result = await wasm('protogen', { input: 'hello', timeoutMs: 60_000 });
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('read the request') });
  });
});
