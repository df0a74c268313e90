import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/system/processes.js';
import { type LivingService, livingService, restOrders } from '../support/living-service.js';

const withGrpc = restOrders.replace('api: [rest]', 'api: [rest, grpc]');
const proto = 'api/proto/orders/v1/order.proto';

/** A git that knows one commit: the service as it is now. Nothing in it is dirty. */
function committed(service: LivingService): Run {
  const lock = service.read('.create-service/lock.yaml');
  return async (_, [command, what]) => {
    if (command === 'show' && what === 'HEAD:./.create-service/lock.yaml') return { code: 0, stdout: lock, stderr: '' };
    return { code: command === 'status' || command === 'rev-parse' ? 0 : 1, stdout: '', stderr: '' };
  };
}

function migrations(service: LivingService): readonly string[] {
  return (service.files.list('/srv/orders/migrations') ?? []).filter((name) => name.endsWith('.sql'));
}

describe('add field', () => {
  test('reaches every layer and a migration, and changes one line of the manifest', async () => {
    const service = await livingService(withGrpc);
    const { code, out } = await service.run('add', 'field', 'order', 'gift_note:string(200)@index');
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/00004_add_gift_note_to_orders\.sql +create$/m),
    });
    expect(service.read('service.yaml')).toBe(
      withGrpc.replace(
        '{ type: text }\n',
        '{ type: text }\n      gift_note:   { type: string, max: 200, index: true }\n',
      ),
    );
    expect(service.read('migrations/00004_add_gift_note_to_orders.sql')).toBe(
      '-- +goose Up\nALTER TABLE `orders`\n' +
        '  ADD COLUMN `gift_note` VARCHAR(200) NULL,\n  ADD KEY `orders_gift_note` (`gift_note`, `id`);\n\n' +
        '-- +goose Down\nALTER TABLE `orders`\n  DROP KEY `orders_gift_note`,\n  DROP COLUMN `gift_note`;\n',
    );
    expect(service.read('migrations/00003_create_orders.sql')).not.toContain('gift_note');
    expect(service.read(proto)).toContain('optional string gift_note = 17;');
    expect(service.read('api/proto/orders/v1/order.pb.go')).toContain('GiftNote');
    expect(service.read('api/openapi/orders.yaml')).toContain('gift_note');
    expect((await service.run('update', '--check')).code).toBe(0);
  });

  test('with a default gives it to the rows that are there', async () => {
    const service = await livingService();
    await service.run('add', 'field', 'order', 'weight:int32!=5', 'origin:enum(web,shop)@output_only=web');
    const [file] = migrations(service).slice(3);
    const text = service.read(`migrations/${file}`);
    expect(text).toContain('ADD COLUMN `weight` INT NOT NULL DEFAULT 5,');
    expect(text).toContain("ADD COLUMN `origin` VARCHAR(4) NOT NULL DEFAULT 'web',");
    expect(text).toContain("ADD CONSTRAINT `orders_origin_check` CHECK (`origin` IN ('web', 'shop'));");
  });

  test('that is required and has no default is refused before anything is written', async () => {
    const service = await livingService();
    const before = service.snapshot();
    const { code, err } = await service.run('add', 'field', 'order', 'weight:int32!');
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining(
        'the field weight of order is required, but rows are there already (give it a default',
      ),
    });
    expect(service.snapshot()).toEqual(before);
  });

  test('merges into files that people edited, and leaves what they deleted away', async () => {
    const service = await livingService();
    service.edit('internal/order/order.go', '// Package order', '// Mine.\n\n// Package order');
    service.remove('internal/order/order_test.go');
    service.edit('build/package/Dockerfile', 'ENTRYPOINT', '# mine\nENTRYPOINT');
    const { code } = await service.run('add', 'field', 'order', 'gift:bool');
    expect(code).toBe(0);
    expect(service.read('internal/order/order.go')).toMatch(/\/\/ Mine\.[\s\S]*Gift/);
    expect(service.has('internal/order/order_test.go')).toBe(false);
    expect(service.read('build/package/Dockerfile')).toContain('# mine\nENTRYPOINT');
  });
});

describe('what was published stays', () => {
  test('a removed field has its number reserved, and its column takes NULL and stays', async () => {
    const service = await livingService(withGrpc);
    const { code, err } = await service.run('remove', 'field', 'order', 'total');
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('What there is of order.total stays') });
    expect(service.read(proto)).toContain('  reserved 15;\n  reserved "total";\n');
    expect(service.read('migrations/00004_change_orders.sql')).toContain('MODIFY COLUMN `total` DECIMAL(12,2) NULL;');
    const again = await service.run('add', 'field', 'order', 'total:bool');
    expect(again).toMatchObject({
      code: 2,
      err: expect.stringContaining('what order.total was before it was removed is still in the database'),
    });
    expect((await service.run('add', 'field', 'order', 'weight:bool')).code).toBe(0);
    expect(service.read(proto)).toContain('optional bool weight = 17;');
    expect((await service.run('update', '--settle', 'order.total')).code).toBe(0);
    expect(await service.run('add', 'field', 'order', 'total:bool')).toMatchObject({
      code: 2,
      err: expect.stringContaining('order.total was removed, and its numbers in protobuf stay reserved'),
    });
    expect(service.read(proto)).toContain('  reserved 15;\n  reserved "total";\n');
  });

  test('several fields go at once, or none when one is not there', async () => {
    const service = await livingService(withGrpc);
    const before = service.snapshot();
    expect((await service.run('remove', 'field', 'order', 'total', 'nothing')).code).toBe(2);
    expect(service.snapshot()).toEqual(before);
    expect(await service.run('add', 'field', 'order', 'gift:bool', 'gift:int32')).toMatchObject({
      code: 2,
      err: expect.stringContaining('field gift is there twice'),
    });
    expect(service.snapshot()).toEqual(before);
    await service.run('add', 'field', 'order', 'gift:bool', 'weight:int32');
    expect((await service.run('remove', 'field', 'order', 'gift', 'weight', 'gift')).code).toBe(0);
    expect(service.read('service.yaml')).not.toMatch(/gift|weight/);
  });

  test('a .proto that people keep keeps its Go, also in the next update', async () => {
    const service = await livingService(withGrpc);
    await service.run('add', 'resource', 'refund', 'amount:int32');
    const kept = proto.replace('order.proto', 'refund.proto');
    service.edit(kept, 'service RefundService', '// Mine.\nservice RefundService');
    service.edit(proto, 'service OrderService', '// Mine.\nservice OrderService');
    expect((await service.run('remove', 'resource', 'refund')).code).toBe(0);
    expect((await service.run('update')).out).toMatch(/^Up to date/);
    expect([kept, kept.replace('.proto', '.pb.go')].map(service.has)).toEqual([true, true]);
  });

  test('a migration of people is counted, and none is ever changed', async () => {
    const service = await livingService();
    service.write('migrations/00007_mine.sql', '-- +goose Up\n');
    await service.run('add', 'field', 'order', 'gift:bool');
    await service.run('add', 'resource', 'refund', 'amount:decimal(12,2)!');
    await service.run('remove', 'field', 'order', 'gift');
    expect(migrations(service).slice(3)).toEqual([
      '00007_mine.sql',
      '00008_add_gift_to_orders.sql',
      '00009_create_refunds.sql',
    ]);
  });

  test('an enum value that was added gets the next number', async () => {
    const service = await livingService(withGrpc);
    service.edit('service.yaml', '[pending, paid, shipped, cancelled]', '[new, pending, paid, shipped, cancelled]');
    expect((await service.run('update')).code).toBe(0);
    expect(service.read(proto)).toMatch(/STATE_NEW = 5;\n +STATE_PENDING = 1;/);
    expect(service.read('migrations/00004_change_orders.sql')).toContain(
      'DROP CONSTRAINT `orders_state_check`,\n  ADD CONSTRAINT',
    );
  });
});

describe('add then remove leaves the service as it was', () => {
  test.each([
    ['field', ['order', 'gift:string(10)!=x'], ['order', 'gift']],
    ['resource', ['refund', 'amount:decimal(12,2)!', 'reason:text'], ['refund']],
    ['action', ['order', 'ship', '--when', 'state=paid', '--set', 'state=shipped'], ['order', 'ship']],
    ['task', ['ping', '--payload', 'order_id:uuid', '--resource', 'order'], ['ping']],
    [
      'consumer',
      ['stock-moved', '--topic', 'stock.item.v1', '--service', 'stock', '--resource', 'order'],
      ['stock-moved'],
    ],
    ['environment', ['lab', '--replicas', '2'], ['lab']],
    ['config', ['grace:duration=5m', '--description', 'How long.'], ['grace']],
    ['grpc', [], []],
  ])('%s', async (what, words, name) => {
    const begun = await livingService();
    const service = begun.copy({ run: committed(begun) });
    const before = service.snapshot();
    const added = await service.run('add', what, ...words);
    expect(added).toMatchObject({ code: 0 });
    expect(service.snapshot()).not.toEqual(before);
    const removed = await service.run('remove', what, ...name);
    expect(removed).toMatchObject({ code: 0 });
    expect(service.snapshot()).toEqual(before);
  });
});

describe('remove', () => {
  test('takes files that nobody edited, keeps the others and lists them', async () => {
    const service = await livingService();
    await service.run('add', 'resource', 'refund', 'amount:decimal(12,2)!');
    service.edit('internal/refund/service.go', 'package refund', '// Mine.\npackage refund');
    const { code, out, err } = await service.run('remove', 'resource', 'refund');
    expect(code).toBe(0);
    expect(err).toContain('what they call may be gone:\n  internal/refund/service.go\n');
    expect(out).toMatch(/service\.go +kept-edited {2}rendered no longer, but edited$/m);
    expect(service.has('internal/refund/refund.go')).toBe(false);
    expect(service.read('internal/refund/service.go')).toContain('// Mine.');
  });

  test.each([
    [['field', 'order', 'nope'], 'there is no field nope'],
    [['resource', 'ordr'], 'did you mean order?'],
    [['kafka'], 'component kafka follows from the rest of the manifest'],
    [['redis'], 'add or remove: cache RESOURCE'],
    [['mongodb'], 'add or remove: resource NAME store=mongodb'],
    [['client-rest'], 'add or remove: client NAME --protocol rest'],
    [['auth'], 'say auth: {}, or auth: { mode: none, reason: … }, in service.yaml'],
    [['tls'], 'say tls: {}, or tls: { mode: none, reason: … }, in service.yaml'],
    [['fild', 'order', 'note'], 'did you mean field?'],
    [['resource', 'order'], 'service.yaml:'],
  ])('%j is refused', async (words, message) => {
    const service = await livingService();
    expect(await service.run('remove', ...words)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});

describe('a schema that a step cannot follow is refused:', () => {
  test.each([
    ['another type', '{ type: text }', '{ type: bool }', 'changes its type from text to bool'],
    ['a type that is another and smaller', '{ type: text }', '{ type: int32 }', 'changes its type from text to int32'],
    [
      'a required field',
      '{ type: text }',
      '{ type: text, required: true }',
      'becomes required, but there may be some without a value',
    ],
    ['another table', '    store: mysql\n', '    store: mysql\n    plural: purchases\n', 'would be called purchases'],
  ])('%s', async (_, from, to, message) => {
    const service = await livingService();
    service.edit('service.yaml', from, to);
    expect(await service.run('update')).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });

  test('a wider type, an optional field and another index are followed', async () => {
    const service = await livingService();
    service.edit('service.yaml', 'max: 254', 'max: 300, index: true');
    service.edit('service.yaml', 'precision: 12, scale: 2, min: 0, required: true', 'precision: 14, scale: 2, min: 0');
    expect((await service.run('update')).code).toBe(0);
    expect(service.read('migrations/00004_change_orders.sql')).toContain(
      'MODIFY COLUMN `email` VARCHAR(300) NULL,\n  MODIFY COLUMN `total` DECIMAL(14,2) NULL,\n  ADD KEY `orders_email`',
    );
  });
});

describe('eject and undo', () => {
  const generated = 'internal/platform/httpserver/server.go';

  test('an ejected file is left alone until it is restored', async () => {
    const service = await livingService();
    expect((await service.run('eject', generated)).code).toBe(0);
    expect(service.read(generated)).toMatch(/^\/\/ Package|^package/);
    service.write(generated, 'package httpserver // mine\n');
    expect(await service.run('update', '--check')).toMatchObject({ code: 0 });
    await service.run('add', 'field', 'order', 'gift:bool');
    expect(service.read(generated)).toBe('package httpserver // mine\n');
    await service.run('update', '--restore', generated);
    expect(service.read(generated)).toMatch(/^\/\/ Code generated by create-service\. DO NOT EDIT\./);
    expect((await service.run('update')).out).toMatch(/^Up to date: (\d+ kept-edited, )?\d+ unchanged\n$/);
  });

  test('eject --all leaves nothing of the tool', async () => {
    const service = await livingService();
    const before = service.snapshot();
    expect((await service.run('eject', '--all')).code).toBe(0);
    expect(service.snapshot().filter((line) => line.includes('Code generated by create-service. DO'))).toEqual([]);
    expect(service.files.list('/srv/orders/.create-service')).toEqual(['undo']);
    expect(service.has('.github/workflows/update.yaml')).toBe(false);
    expect((await service.run('update')).code).toBe(3);
    expect((await service.run('undo')).code).toBe(0);
    expect(service.snapshot()).toEqual(before);
  });

  test('undo takes an add back, and a second one brings it again', async () => {
    const service = await livingService();
    const before = service.snapshot();
    await service.run('add', 'resource', 'refund', 'amount:decimal(12,2)!');
    const after = service.snapshot();
    expect((await service.run('undo')).code).toBe(0);
    expect(service.snapshot()).toEqual(before);
    expect((await service.run('undo')).code).toBe(0);
    expect(service.snapshot()).toEqual(after);
    service.edit('internal/refund/refund.go', 'package refund', '// Mine.\npackage refund');
    expect(await service.run('undo')).toMatchObject({
      code: 3,
      err: expect.stringContaining('internal/refund/refund.go'),
    });
  });

  test('there is nothing to undo in a new service', async () => {
    const service = await livingService();
    expect(await service.run('undo')).toMatchObject({
      code: 3,
      err: expect.stringContaining('there is nothing to undo'),
    });
  });

  test.each([
    [[], 'name the files to eject, or give --all'],
    [['nope.go'], 'nope.go is no file that create-service wrote'],
  ])('eject %j is refused', async (words, message) => {
    const service = await livingService();
    expect(await service.run('eject', ...words)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});
