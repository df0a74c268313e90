import { describe, expect, it, vi } from 'vitest';
import { UserError } from '../errors.js';
import type { FileEntry } from '../render/file-tree.js';
import type { RunWasm } from '../system/wasm.js';
import { derive } from './derive.js';
import { leftOutText } from './left-out-text.js';
import { type ProtoGo, protoGo } from './proto-go.js';

function aFile(path: string, body = 'syntax = "proto3";\n', owner = 'grpc'): FileEntry {
  return { path, body, mode: 0o644, owner, class: 'yours' };
}

const bufYaml = aFile('buf.yaml', 'version: v2\nmodules:\n  - path: api/proto\n');
const service = 'syntax = "proto3";\n\nservice Orders {}\n';

/** A generator that answers with JSON. */
function answering(answer: object): RunWasm {
  return async () => ({ code: 0, stdout: JSON.stringify(answer), stderr: '' });
}

/** A generator that makes `x.pb.go` of every `x.proto`, with the text that it got. */
const echoing: RunWasm = async (_, { input }) => {
  const { files } = JSON.parse(input) as { files: readonly { path: string; text: string }[] };
  const made = files.map(({ path, text }) => ({ path: path.replace(/proto$/, 'pb.go'), text }));
  return answering({ files: made })('protogen', { input, timeoutMs: 0 });
};

function generated(files: readonly FileEntry[], wasm: RunWasm): Promise<ProtoGo> {
  return protoGo({ entries: files }, { wasm });
}

async function pathsFor(files: readonly FileEntry[]): Promise<readonly string[]> {
  return (await generated(files, echoing)).entries.map(({ path }) => path);
}

async function failure(files: readonly FileEntry[], wasm: RunWasm = echoing): Promise<UserError> {
  const error: unknown = await generated(files, wasm).catch((thrown: unknown) => thrown);
  return error instanceof UserError ? error : expect.fail(`no UserError: ${String(error)}`);
}

describe('the Go of .proto files', () => {
  it('starts nothing where there are none', async () => {
    const wasm = vi.fn<RunWasm>();
    expect(await generated([bufYaml, aFile('a.go')], wasm)).toEqual({ entries: [] });
    expect(wasm).not.toHaveBeenCalled();
  });

  it('is derived, beside its .proto, and belongs to the same component', async () => {
    const files = [
      { path: 'orders/v1/orders.pb.go', text: 'package ordersv1\n' },
      { path: 'orders/v1/orders_grpc.pb.go', text: 'package ordersv1 // too\n' },
    ];
    const proto = aFile('api/proto/orders/v1/orders.proto', service, 'a-component');
    const common = { mode: 0o644, owner: 'a-component', class: 'derived' };
    expect(await generated([bufYaml, proto], answering({ files }))).toEqual({
      entries: [
        { ...common, path: 'api/proto/orders/v1/orders.pb.go', body: 'package ordersv1\n' },
        { ...common, path: 'api/proto/orders/v1/orders_grpc.pb.go', body: 'package ordersv1 // too\n' },
      ],
    });
  });

  it('takes the place of what was there', async () => {
    const proto = aFile('a/x.proto', 'package x\n');
    const { tree } = await derive({ entries: [aFile('a/x.pb.go', 'old'), proto] }, [], { wasm: echoing });
    expect(tree.entries.map(({ path, body }) => [path, body])).toEqual([
      ['a/x.pb.go', 'package x\n'],
      ['a/x.proto', 'package x\n'],
    ]);
  });

  it('is made from the modules of buf.yaml, whose paths are import paths', async () => {
    const modules = aFile(
      'buf.yaml',
      'modules:\n  - path: ./api/proto/\n    excludes: [api/proto/old]\n  - path: peers\n',
    );
    const protos = ['api/proto/a.proto', 'api/proto/old/b.proto', 'api/protocol/c.proto', 'peers/d.proto', 'e.proto'];
    expect(await pathsFor([modules, ...protos.map((path) => aFile(path))])).toEqual([
      'api/proto/a.pb.go',
      'peers/d.pb.go',
    ]);
  });

  it.each([
    ['there is no buf.yaml', []],
    ['buf.yaml names no modules', [aFile('buf.yaml', 'version: v2\n')]],
    ['buf.yaml is empty', [aFile('buf.yaml', '')]],
    ['the module is the whole', [aFile('buf.yaml', 'modules: [{ path: . }]\n')]],
    ['the module has no path', [aFile('buf.yaml', 'modules: [{ name: x }]\n')]],
  ])('is made from all of them but hidden ones when %s', async (_, more) => {
    const protos = ['a/b.proto', '.create-service/base/a/b.proto', 'a/.hidden.proto'].map((path) => aFile(path));
    expect(await pathsFor([...more, ...protos])).toEqual(['a/b.pb.go']);
  });
});

describe('a mistake that a person made', () => {
  it('is told with file, line and column, all of them at once', async () => {
    const problems = [
      { file: 'a.proto', line: 3, column: 7, message: 'one' },
      { file: 'a.proto', line: 0, column: 0, message: 'two' },
    ];
    const { message, exitCode, diagnostics } = await failure(
      [bufYaml, aFile('api/proto/a.proto')],
      answering({ problems }),
    );
    expect({ message, exitCode }).toEqual({ message: 'the .proto files do not compile', exitCode: 2 });
    expect(diagnostics).toEqual(problems.map((problem) => ({ ...problem, file: 'api/proto/a.proto' })));
  });

  it('is a buf.yaml that does not parse', async () => {
    const { diagnostics } = await failure([aFile('buf.yaml', 'modules:\n  - path: [\n'), aFile('a.proto')]);
    expect(diagnostics).toEqual([
      { file: 'buf.yaml', line: 3, column: 1, message: expect.stringContaining('sequence') },
    ]);
  });

  it('is two files that others would import by one path', async () => {
    const modules = aFile('buf.yaml', 'modules: [{ path: a }, { path: b }]\n');
    const { diagnostics } = await failure([modules, aFile('a/x.proto'), aFile('b/x.proto')]);
    expect(diagnostics).toMatchObject([{ file: 'b/x.proto', message: 'is imported by the same path as a/x.proto' }]);
  });

  it('is an import whose Go is in a module that nobody pinned', async () => {
    const wasm = answering({ files: [{ path: 'a.pb.go', text: 'package a\n\nimport "x.org/y"\n' }] });
    const table = { go: '1.26.0', modules: [], sums: [], base: { imports: [], modules: [], sums: [] }, imports: {} };
    const deriving = derive({ entries: [aFile('a.proto')] }, [{ directory: '', path: 'e.org/a', table }], { wasm });
    await expect(deriving).rejects.toMatchObject({
      exitCode: 2,
      diagnostics: [{ file: 'a.pb.go', message: 'imports x.org/y, of which this tool knows no version' }],
    });
  });
});

describe('a generator that fails', () => {
  const table = {
    go: '1.26.0',
    modules: ['google.golang.org/grpc v1.0.0', 'google.golang.org/protobuf v1.0.0'],
    sums: ['google.golang.org/grpc v1.0.0 h1:g', 'google.golang.org/protobuf v1.0.0 h1:p'],
    base: { imports: [], modules: [], sums: [] },
    imports: {
      'google.golang.org/grpc': { module: 0, modules: [0], sums: [0] },
      'google.golang.org/grpc/codes': { module: 0, modules: [0], sums: [0] },
      'google.golang.org/grpc/status': { module: 0, modules: [0], sums: [0] },
      'google.golang.org/protobuf/reflect/protoreflect': { module: 1, modules: [1], sums: [1] },
      'google.golang.org/protobuf/runtime/protoimpl': { module: 1, modules: [1], sums: [1] },
    },
  };
  const unavailable: RunWasm = async () => ({ unavailable: 'out of memory' });
  const modules = [{ directory: '', path: 'e.org/a', table }];

  it('leaves out what it cannot make, and go.mod requires what the Go will need', async () => {
    const files = [aFile('a.proto'), aFile('b.proto', service), aFile('main.go', 'package main\n')];
    const { tree, leftOut } = await derive({ entries: files }, modules, { wasm: unavailable });
    expect(tree.entries.map(({ path }) => path)).toEqual(['a.proto', 'b.proto', 'go.mod', 'go.sum', 'main.go']);
    expect(tree.entries[2]?.body).toContain(
      'require (\n\tgoogle.golang.org/grpc v1.0.0\n\tgoogle.golang.org/protobuf v1.0.0\n)\n',
    );
    expect(leftOut && leftOutText(leftOut)).toBe(
      'Left out: a.pb.go and 2 more, because WebAssembly cannot run here: out of memory. ' +
        'Write them with: make proto-generate\n',
    );
  });

  it('requires gRPC only for services', async () => {
    const { tree } = await derive({ entries: [aFile('a.proto')] }, modules, { wasm: unavailable });
    expect(tree.entries.find(({ path }) => path === 'go.mod')?.body).not.toContain('grpc');
  });

  it('that ran and failed is a bug', async () => {
    const failing: RunWasm = async () => ({ code: 2, stdout: '', stderr: 'panic: boom' });
    await expect(generated([aFile('a.proto')], failing)).rejects.toThrow('protogen ended with 2: panic: boom');
    const inventing = answering({ files: [{ path: 'z.pb.go', text: '' }] });
    await expect(generated([aFile('a.proto')], inventing)).rejects.toThrow('protogen made z.pb.go');
  });
});
