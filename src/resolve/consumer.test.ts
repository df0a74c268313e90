import { describe, expect, test } from 'vitest';
import type { Catalog } from '../catalog/catalog.js';
import { manifest } from '../manifest/manifest.js';
import { order } from '../manifest/testing/text.js';
import { resolve } from './resolve.js';

const nothing: Catalog = { components: [], packages: [], slots: [], platform: [], versions: [] };

/** The model of a service `orders` whose resource has events, with more keys at the top of its manifest. */
const model = (more: string) =>
  resolve(manifest(`${order('a: { type: bool }', 'events: true')}${more}\n`, 'f'), nothing);

describe('a consumer', () => {
  test('has the names that Kafka and Go know it by', () => {
    const [consumer] = model(
      'consumes: { payment-captured: { topic: payments.payment.v1, service: payments } }',
    ).consumers;
    expect(consumer).toMatchObject({
      goFile: 'payment_captured',
      goName: 'PaymentCaptured',
      group: 'orders.payment-captured',
      deadLetters: 'payments.payment.v1.orders.payment-captured.dlq',
      eventType: 'payments.payment.captured.v1',
      store: 'mysql',
    });
  });

  const types: readonly (readonly [consumer: string, topic: string, service: string, type: string])[] = [
    ['payment-captured', 'payments.payment.v1', 'payments', 'payments.payment.captured.v1'],
    ['payment-captured', 'payments.payment.v12', 'payments', 'payments.payment.captured.v12'],
    ['order-line-added', 'orders.order-line.v1', 'orders', 'orders.order-line.added.v1'],
    ['order-line-added', 'orders.order.v1', 'orders', 'orders.order.line-added.v1'],
    ['payment', 'payments.payment.v1', 'payments', ''],
    ['captured', 'payments.payment.v1', 'payments', ''],
    ['payment-captured', 'billing.payment.v1', 'payments', ''],
    ['payment-captured', 'payments.payment', 'payments', ''],
    ['payment-captured', 'payments..v1', 'payments', ''],
    ['payment-captured', 'payments', 'payments', ''],
  ];
  test.each(types)('%s of %s by %s means the type "%s"', (consumer, topic, service, type) => {
    const [found] = model(`consumes: { ${consumer}: { topic: ${topic}, service: ${service} } }`).consumers;
    expect(found?.eventType).toBe(type);
  });

  test('has a dead-letter topic within the limit of Kafka, whatever prefix an environment has', () => {
    const long = (end: string) => `${'t'.repeat(240)}${end}`;
    const { consumers } = model(
      `consumes: { a: { topic: ${long('1')}, service: s }, b: { topic: ${long('2')}, service: s } }`,
    );
    const names = consumers.map(({ deadLetters }) => deadLetters);
    expect(names.every((name) => name.length <= 149)).toBe(true);
    expect(new Set(names).size).toBe(2);
  });
});

describe('topics', () => {
  test('of others are listed once, and the own ones are not', () => {
    const { foreignTopics } = model(
      'consumes: { a: { topic: t, service: s }, b: { topic: t, service: s }, c: { topic: orders.order.v1, service: orders } }',
    );
    expect(foreignTopics).toEqual([{ name: 't', owner: 's' }]);
  });
});

describe('the events of a resource', () => {
  const fields =
    'state: { type: enum, values: [a, b], default: a, output_only: true }\nc: { type: bool }\nd: { type: bool, pii: true }';

  test('are one type for each operation that writes and each action', () => {
    const text = order(
      fields,
      'events: true\noperations: [create, get, list, delete]\nactions: { set-b: { set: { state: b } } }',
    );
    const [resource] = resolve(manifest(text, 'f'), nothing).resources;
    expect(resource?.announcements).toEqual([
      { verb: 'created', type: 'orders.order.created.v1', summary: 'An order was created.' },
      { verb: 'deleted', type: 'orders.order.deleted.v1', summary: 'An order was deleted.' },
      { verb: 'set-b', type: 'orders.order.set-b.v1', summary: 'The action set b was applied to an order.' },
    ]);
    expect(resource?.publicFields.map(({ name }) => name)).toEqual(['state', 'c']);
  });

  test('are none unless they are on', () => {
    const [resource] = resolve(manifest(order(fields), 'f'), nothing).resources;
    expect(resource?.announcements).toEqual([]);
  });
});
