import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnosticLine, UserError } from '../errors.js';
import { manifest } from '../manifest/manifest.js';
import { head } from '../manifest/testing/text.js';
import { nodeSystem } from '../system/node-system.js';
import type { Contract } from './contract.js';
import { type ContractSystem, contracts } from './contracts.js';

const itemProto = `// package wrong; import "wrong.proto";
syntax = "proto3";
package stock.v1;
import "google/protobuf/empty.proto";
import "stock/v1/money.proto";
/* service Wrong {} */
service ItemService {
  // GetItem returns "rpc Wrong(Item) returns (Item)".
  rpc Watch(Item) returns (stream Item);
  rpc Drop(Item) returns (google.protobuf.Empty);
  rpc GetItem(Item) returns (Item) { option idempotency_level = NO_SIDE_EFFECTS; }
}
service item_admin { }
message Item { Money price = 1; }
`;
const moneyProto =
  'syntax = "proto3";\npackage stock.v1;\noption go_package = "example.com/old;old"; // kept\nmessage Money {}\n';
const openapi = `openapi: 3.1.0
info: { title: t, version: v1 }
paths:
  /v1/items/{id}:
    get:
      operationId: getItem
      parameters: [{ name: id, in: path, required: true, schema: { type: string, format: uuid } }]
      responses: { '200': { description: it, content: { application/json: { schema: { type: object, properties: {} } } } } }
`;

let folder = '';
let commit = '';
const inFolder = (...names: string[]) => path.join(folder, ...names);

async function git(...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main'];
  const { stdout } = await execa('git', [...identity, ...args], { cwd: inFolder('peer') });
  return stdout;
}

function write(name: string, text: string): void {
  mkdirSync(path.dirname(inFolder(name)), { recursive: true });
  writeFileSync(inFolder(name), text);
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'contracts-'));
  write('peer/api/proto/stock/v1/item.proto', itemProto);
  write('peer/api/proto/stock/v1/money.proto', moneyProto);
  write('peer/api/proto/other/v1/other.proto', 'syntax = "proto3";\npackage other.v1;\nservice Other {}\n');
  write('peer/api/openapi/stock.yaml', openapi);
  write('mine/service.yaml', '');
  await git('init', '--quiet');
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'one');
  commit = await git('rev-parse', 'HEAD');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads the contracts of a manifest with these lines under `clients:`, from line 6 on. */
function read(lines: string, system: Partial<ContractSystem> = {}, before = ''): Promise<readonly Contract[]> {
  const text = `${head}clients:\n${lines}\n${before}`;
  const file = inFolder('mine/service.yaml');
  return contracts({ manifest: manifest(text, file), text, file }, { ...nodeSystem(), ...system });
}

async function refusal(lines: string, system: Partial<ContractSystem> = {}, before = ''): Promise<UserError> {
  const error: unknown = await read(lines, system, before).catch((thrown: unknown) => thrown);
  return error instanceof UserError ? error : expect.fail(`no UserError: ${String(error)}`);
}

async function reasons(lines: string, before = ''): Promise<readonly string[]> {
  const { diagnostics, exitCode } = await refusal(lines, {}, before);
  expect(exitCode).toBe(2);
  return diagnostics.map((one) => diagnosticLine(one).replace(inFolder('mine/service.yaml'), 'service.yaml'));
}

describe('a manifest without contracts', () => {
  it('reads nothing', async () => {
    expect(await read('  stock: { protocol: grpc }')).toEqual([]);
  });
});

describe('a gRPC contract', () => {
  it('is all .proto files of a folder, with the option go_package of where their Go lies', async () => {
    const [contract] = await read('  stock: { protocol: grpc, contract: ../peer/api/proto }');
    expect(contract?.files.map(({ path: file }) => file)).toEqual([
      'other/v1/other.proto',
      'stock/v1/item.proto',
      'stock/v1/money.proto',
    ]);
    const root = 'github.com/acme/orders/api/clients/stock';
    expect(contract?.files[1]?.body).toBe(
      itemProto.replace('package stock.v1;', `package stock.v1;\n\noption go_package = "${root}/stock/v1;stockv1";`),
    );
    expect(contract?.files[2]?.body).toBe(moneyProto.replace('example.com/old;old', `${root}/stock/v1;stockv1`));
    expect(contract?.grpc).toEqual({
      packages: [
        { path: `${root}/other/v1`, name: 'otherv1' },
        { path: `${root}/stock/v1`, name: 'stockv1' },
      ],
      services: [
        { name: 'Other', field: 'Other', package: 'otherv1' },
        { name: 'ItemService', field: 'Item', package: 'stockv1' },
        { name: 'ItemAdmin', field: 'ItemAdmin', package: 'stockv1' },
      ],
      tested: {
        method: 'GetItem',
        request: 'Item',
        answer: 'Item',
        service: 'ItemService',
        field: 'Item',
        package: 'stockv1',
      },
    });
  });

  it('that is one file is that file and what it imports', async () => {
    const [contract] = await read('  stock: { protocol: grpc, contract: ../peer/api/proto/stock/v1/item.proto }');
    expect(contract?.files.map(({ path: file }) => file)).toEqual(['stock/v1/item.proto', 'stock/v1/money.proto']);
  });

  it('has a digest that changes with what was published, and with nothing else', async () => {
    const one = (await read('  stock: { protocol: grpc, contract: ../peer/api/proto }'))[0]?.digest;
    const same = (await read('  supply: { protocol: grpc, contract: ../peer/api/proto }'))[0]?.digest;
    const other = (
      await read('  stock: { protocol: grpc, contract: ../peer/api/proto/stock/v1/money.proto }').catch(() => [])
    )[0];
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect([same, other]).toEqual([one, undefined]);
  });
});

describe('a contract in a repository', () => {
  const place = (inside = '') => `git+file://${inFolder('peer')}${inside}#${commit.slice(0, 10)}`;

  it('is read from the commit, where services keep it, and pinned to the whole commit', async () => {
    write('peer/api/proto/stock/v1/money.proto', 'changed since');
    const [grpc, rest] = await read(
      `  stock: { protocol: grpc, contract: "${place()}" }\n  desk: { protocol: rest, contract: "${place()}" }`,
    );
    write('peer/api/proto/stock/v1/money.proto', moneyProto);
    const [onDisk] = await read('  stock: { protocol: grpc, contract: ../peer/api/proto }');
    expect(grpc).toEqual({ ...onDisk, source: `git+file://${inFolder('peer')}#${commit}` });
    expect(rest?.files).toEqual([{ path: 'openapi.yaml', body: openapi }]);
  });

  it('may be a folder or a file in it', async () => {
    const [folderOf, fileOf] = await read(
      `  stock: { protocol: grpc, contract: "${place('//api/proto')}" }\n  desk: { protocol: rest, contract: "${place('//api/openapi/stock.yaml')}" }`,
    );
    expect(folderOf?.files).toHaveLength(3);
    expect(fileOf?.rest?.operations.map(({ name }) => name)).toEqual(['GetItem']);
  });

  it('is refused when the repository has no such commit or folder', async () => {
    expect(await reasons(`  stock: { protocol: grpc, contract: "git+file://${inFolder('peer')}#0123abc" }`)).toEqual([
      expect.stringMatching(/^service.yaml:6:38: the contract has no commit 0123abc \(found git\+file/),
    ]);
    expect(await reasons(`  stock: { protocol: grpc, contract: "${place('//apis')}" }`)).toEqual([
      expect.stringContaining('the contract has no apis in its commit'),
    ]);
  });

  it('needs git and the repository: else the environment is at fault', async () => {
    const lines = `  stock: { protocol: grpc, contract: "git+file://${inFolder('nowhere')}#0123abc" }`;
    const missing = await refusal(lines);
    expect(missing.exitCode).toBe(3);
    expect(missing.message).toMatch(/^cannot read file:\/\/.*nowhere: \S/);
    const { exitCode, message } = await refusal(lines, { run: async () => 'not-found' });
    expect({ exitCode, message }).toEqual({
      exitCode: 3,
      message: 'git is needed to read a contract from a repository, and is not installed',
    });
  });
});

describe('a contract that cannot be used is one clear error', () => {
  beforeAll(() => {
    write('bad/empty/readme.md', '');
    write('bad/import/a.proto', 'syntax = "proto3";\n\n  import "b/c.proto";\nservice A {}\n');
    write('bad/no-service/a.proto', 'syntax = "proto3";\n');
    write('bad/own/orders/v1/o.proto', 'syntax = "proto3";\npackage orders.v1;\nservice O {}\n');
    write('bad/two/a.yaml', openapi);
    write('bad/two/b.yaml', openapi);
    write('bad/swagger.yaml', 'swagger: "2.0"\n');
    write('bad/no.yaml', 'a: [');
    write('bad/large.yaml', `# ${'x'.repeat(2 ** 20)}`);
    write('bad/all-of.yaml', openapi.replace('{ type: object, properties: {} }', '{ allOf: [] }'));
    write('bad/no-id.yaml', openapi.replace('operationId: getItem', 'summary: x'));
    write('bad/ref.yaml', openapi.replace('{ type: object, properties: {} }', "{ $ref: '#/components/schemas/No' }"));
    write('bad/cookie.yaml', openapi.replace('in: path, required: true', 'in: cookie').replace('/{id}', ''));
    write('bad/webhook.yaml', openapi.replace('    get:', '    trace:'));
  });

  it.each([
    ['grpc', '../nowhere', 'the contract is not there'],
    ['grpc', '../bad/empty', 'the contract has no .proto file'],
    ['rest', '../bad/empty', 'the contract has no OpenAPI document (.yaml, .json)'],
    ['grpc', '../bad/swagger.yaml', 'the contract is no .proto file'],
    ['rest', '../bad/own/orders/v1/o.proto', 'the contract is no .yaml or .json file'],
    [
      'grpc',
      '../bad/import',
      'the contract cannot be used: a.proto:3:3: it imports b/c.proto, which is not in the contract',
    ],
    ['grpc', '../bad/no-service', 'the contract has no service in its .proto files'],
    ['rest', '../bad/two', 'the contract has several documents, a.yaml and b.yaml: name the one to use'],
    [
      'rest',
      '../bad/swagger.yaml',
      'cannot be used: swagger.yaml:1:1: the document is no version of OpenAPI that is read here: 3.0 or 3.1',
    ],
    ['rest', '../bad/no.yaml', 'cannot be used: no.yaml:1:5: it is not YAML: '],
    ['rest', '../bad/large.yaml', 'the contract has large.yaml, which is larger than 1048576 bytes'],
    [
      'rest',
      '../bad/all-of.yaml',
      'all-of.yaml:8:94: paths./v1/items/{id}.get.responses.200.content.application/json.schema.allOf is not read here',
    ],
    ['rest', '../bad/no-id.yaml', 'no-id.yaml:6:7: paths./v1/items/{id}.get has no operationId'],
    ['rest', '../bad/ref.yaml', 'refers to #/components/schemas/No, which is not in the document'],
    ['rest', '../bad/cookie.yaml', 'is not read here: path, query or header'],
    ['rest', '../bad/webhook.yaml', 'webhook.yaml:6:7: paths./v1/items/{id}.trace is not read here'],
  ])('%s %s', async (protocol, place, message) => {
    const [reason, ...more] = await reasons(`  stock: { protocol: ${protocol}, contract: ${place} }`);
    expect(reason).toContain(message);
    expect(reason).toMatch(/^service\.yaml:6:38: .*found/);
    expect(more).toEqual([]);
  });

  it('all of them at once', async () => {
    const lines = ['a', 'b'].map((name) => `  ${name}: { protocol: grpc, contract: ../nowhere-${name} }`).join('\n');
    expect(await reasons(lines)).toEqual([
      'service.yaml:6:34: the contract is not there (found ../nowhere-a)',
      'service.yaml:7:34: the contract is not there (found ../nowhere-b)',
    ]);
  });

  it('when two contracts have the same .proto file', async () => {
    const lines = ['a', 'b'].map((name) => `  ${name}: { protocol: grpc, contract: ../peer/api/proto }`).join('\n');
    expect(await reasons(lines)).toEqual([
      expect.stringContaining('7:34: the contract has other/v1/other.proto, and so has the contract of a'),
    ]);
  });

  it("when its package is the service's own", async () => {
    const own = 'api: [grpc]\nresources:\n  order:\n    store: mysql\n    fields:\n      a: { type: bool }\n';
    expect(await reasons('  stock: { protocol: grpc, contract: ../bad/own }', own)).toEqual([
      expect.stringContaining("orders/v1/o.proto: declares package orders.v1, which is this service's own"),
    ]);
  });
});
