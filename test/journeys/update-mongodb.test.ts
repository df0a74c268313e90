import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type LivingService, livingService } from '../support/living-service.js';

/** The catalog example over REST: neither Go of .proto files, which takes a second, nor clients. */
const manifest = readFileSync(new URL('../../examples/catalog/service.yaml', import.meta.url), 'utf8')
  .replace('api: [grpc]', 'api: [rest]')
  .replace(/^clients:\n.*\n/m, '')
  .replace('consumes:\n  order-created: { topic: orders.order.v1, service: orders, resource: product }\n', '');

function steps(service: LivingService): readonly string[] {
  return (service.files.list('/srv/orders/migrations') ?? []).filter((name) => name.endsWith('.json'));
}

async function changed(from: string, to: string) {
  const service = await livingService(manifest);
  const first = service.read('migrations/00002_create_products.json');
  service.edit('service.yaml', from, to);
  const outcome = await service.run('update');
  return { service, first, outcome };
}

const ordered = '      ordered: { type: int64, default: 0, min: 0, output_only: true }\n';

describe('a collection', () => {
  test.each([
    ['an optional field', `${ordered}      note: { type: text }\n`],
    [
      'a field with the zero of its type',
      `${ordered}      weight: { type: decimal, precision: 9, scale: 3, default: "0.000", required: true }\n`,
    ],
    ['a wider field', ordered, 'max: 200', 'max: 300'],
  ])('takes %s without a step', async (_, fields, from = ordered, to = fields) => {
    const { service, first, outcome } = await changed(from, to);
    expect(outcome).toMatchObject({ code: 0 });
    expect(steps(service)).toEqual(['00001_create_once_keys.json', '00002_create_products.json']);
    expect(service.read('migrations/00002_create_products.json')).toBe(first);
    expect(service.read('internal/store/product_document.go')).toMatch(/Title/);
  });

  test('gets an index in a step at the end; the first one is history', async () => {
    const { service, first, outcome } = await changed(ordered, `${ordered}      maker: { type: uuid, index: true }\n`);
    expect(outcome).toMatchObject({ code: 0 });
    expect(service.read('migrations/00003_change_indexes_of_products.json')).toBe(
      '[\n  {\n    "createIndexes": "products",\n    "indexes": [\n' +
        '      { "name": "products_maker", "key": { "maker": 1, "_id": 1 } }\n    ]\n  }\n]\n',
    );
    expect(service.read('migrations/00002_create_products.json')).toBe(first);
    expect((await service.run('update', '--check')).code).toBe(0);
  });

  test('loses an index that the manifest has no more, and makes anew one that becomes unique', async () => {
    const { service } = await changed(
      'required: true, unique: true, immutable: true',
      'required: true, immutable: true',
    );
    expect(service.read('migrations/00003_change_indexes_of_products.json')).toBe(
      '[\n  { "dropIndexes": "products", "index": "products_sku" }\n]\n',
    );
    service.edit('service.yaml', 'required: true, index: true', 'required: true, unique: true');
    expect((await service.run('update')).code).toBe(0);
    expect(JSON.parse(service.read('migrations/00004_change_indexes_of_products_2.json'))).toEqual([
      { dropIndexes: 'products', index: 'products_price' },
      {
        createIndexes: 'products',
        indexes: [{ name: 'products_price', key: { price: 1 }, unique: true, sparse: true }],
      },
    ]);
  });

  test('gets what the relay needs when its events are turned on', async () => {
    const service = await livingService(manifest);
    expect((await service.run('add', 'events', 'product')).code).toBe(0);
    const [step] = JSON.parse(service.read('migrations/00003_change_indexes_of_products.json'));
    expect(step.indexes.map(({ name }: { readonly name: string }) => name)).toEqual([
      '_outbox_events',
      '_outbox_events_parked',
    ]);
  });

  test('of a new resource comes after the steps of people', async () => {
    const service = await livingService(manifest);
    service.write('migrations/00003_by_hand.json', '[{ "create": "notes" }]\n');
    expect((await service.run('add', 'resource', 'shelf', 'code:string(20)!', 'store=mongodb')).code).toBe(0);
    expect(steps(service).slice(2)).toEqual(['00003_by_hand.json', '00004_create_shelves.json']);
  });

  test('keeps what a removed field has, and its index; the name cannot come again', async () => {
    const service = await livingService(manifest);
    const { code, err } = await service.run('remove', 'field', 'product', 'price');
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('What there is of product.price stays') });
    expect(steps(service)).toHaveLength(2);
    expect(await service.run('add', 'field', 'product', 'price:int64')).toMatchObject({
      code: 2,
      err: expect.stringContaining('what product.price was before it was removed is still in the database'),
    });
  });

  test('of a removed resource stays, and its name cannot come again', async () => {
    const service = await livingService(manifest);
    await service.run('add', 'resource', 'shelf', 'code:string(20)', 'store=mongodb');
    expect(await service.run('remove', 'resource', 'shelf')).toMatchObject({
      code: 0,
      err: expect.stringContaining('What there is of shelf stays'),
    });
    expect(await service.run('add', 'resource', 'shelf', 'code:string(20)', 'store=mongodb')).toMatchObject({
      code: 2,
    });
  });
});

describe('what documents cannot follow is refused before anything is written:', () => {
  test.each([
    ['a required field', ordered, `${ordered}      weight: { type: int32, required: true }\n`, 'needs a value'],
    [
      'a default that is no zero',
      ordered,
      `${ordered}      weight: { type: int32, required: true, default: 5 }\n`,
      'needs a value',
    ],
    [
      'an indexed zero',
      ordered,
      `${ordered}      weight: { type: int32, required: true, default: 0, index: true }\n`,
      'needs a value',
    ],
    [
      'another type',
      'type: int64, default: 0, min: 0',
      'type: bool, default: false',
      'changes its type from int64 to bool',
    ],
    [
      'another collection',
      '    store: mongodb\n',
      '    store: mongodb\n    plural: goods\n',
      'the collection of product would be called goods',
    ],
    [
      'another store',
      '    store: mongodb\n',
      '    store: mysql\n',
      'product would be in mysql, but what there is of it is in mongodb',
    ],
  ])('%s', async (_, from, to, message) => {
    const service = await livingService(manifest);
    service.edit('service.yaml', from, to);
    const before = service.snapshot();
    expect(await service.run('update')).toMatchObject({ code: 2, err: expect.stringContaining(message) });
    expect(service.snapshot()).toEqual(before);
  });
});
