import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { manifest } from './manifest.js';
import { manifestText } from './manifest-text.js';
import { wholeGrammar } from './testing/good.js';
import { head, known, order, problems } from './testing/text.js';

describe('a good manifest', () => {
  test('may be the example', () => {
    expect(problems(readFileSync('examples/orders/service.yaml'))).toEqual([]);
  });

  test('may use the whole grammar', () => {
    expect(problems(wholeGrammar)).toEqual([]);
  });

  const good: readonly (readonly [string, string])[] = [
    ['only the required keys', head],
    ['a byte order mark and Windows line ends', `\ufeff${head.replaceAll('\n', '\r\n')}`],
    ['a document marker', `---\n${head}...\n`],
    ['YAML 1.2 said aloud', `%YAML 1.2\n---\n${head}`],
    [
      'auth and tls switched off',
      `${head}auth: { mode: none, reason: a mesh does it }\ntls: { mode: none, reason: the same }\n`,
    ],
    ['a component with options', `${head}components: { banner: { text: hi } }\n`],
    ['names of 40 characters', head.replace('orders', 'o'.repeat(40))],
    ['a resource without fields', `${head}resources: { order: { store: mysql, operations: [create, get] } }\n`],
    ['a field name in the plural', order('orders: { type: bool }')],
  ];
  test.each(good)('may have %s', (_, text) => {
    expect(problems(text, known)).toEqual([]);
  });

  const reserved =
    'key type select group order index table func package range map string error interface nil default state'.split(
      ' ',
    );
  test.each([
    'order',
    'key',
    'type',
    'select',
    'group',
    'func',
    'app',
    'rest',
    'rpc',
    'store',
    'service',
    'error',
    'context',
    'time',
    'main',
    'init',
    'test',
    'string',
    'problem',
    'constructor',
    'config',
    'v1',
    'c',
  ])('may have a resource named %s with fields of reserved words', (name) => {
    const fields = reserved.map((field) => `      ${field}: { type: string, max: 10, index: true }`).join('\n');
    expect(problems(`${head}resources:\n  ${name}:\n    store: mysql\n    fields:\n${fields}\n`, known)).toEqual([]);
  });
});

describe('the values of a manifest', () => {
  test('keep every digit', () => {
    const fields =
      'a: { type: int64, max: 9223372036854775807, default: 9007199254740993 }\nb: { type: decimal, precision: 30, scale: 10, min: 0.1000000000, max: 12345678901234567890.0123456789 }';
    expect(manifest(order(fields), 'f').resources?.order?.fields).toEqual({
      a: { type: 'int64', max: '9223372036854775807', default: '9007199254740993' },
      b: { type: 'decimal', precision: 30, scale: 10, min: 0.1, max: '12345678901234567890.0123456789' },
    });
  });

  test('stay text where the manifest has text', () => {
    const { config } = manifest(wholeGrammar, 'f');
    expect(config?.label?.default).toBe('007');
    expect(
      manifest(order('a: { type: string, max: 10, default: "1e3" }'), 'f').resources?.order?.fields?.a?.default,
    ).toBe('1e3');
  });

  test('print as JSON', () => {
    const read = manifest(wholeGrammar, 'f');
    expect(JSON.parse(JSON.stringify(read))).toEqual(read);
  });
});

describe('a written manifest', () => {
  test('reads as what was written', () => {
    const read = manifest(wholeGrammar, 'f');
    expect(manifest(manifestText(read), 'f')).toEqual(read);
  });

  test('names its schema in the first line and explains each block', () => {
    const read = manifest(readFileSync('examples/orders/service.yaml'), 'f');
    expect(manifestText(read)).toMatchInlineSnapshot(`
      "# yaml-language-server: $schema=.create-service/schema.json
      apiVersion: create-service/v1
      name: orders
      module: github.com/acme/orders
      owner: team-commerce
      description: "Takes and tracks customer orders."
      registry: ghcr.io/acme
      tier: standard
      api: [rest, grpc]

      # What the service owns. Each resource has a table, a Go package, its routes and their tests.
      resources:
        order:
          store: mysql
          cache: { ttl: "5m" }
          events: true
          fields:
            customer_id: { type: uuid, required: true, immutable: true, index: true }
            product_id:  { type: uuid, immutable: true, index: true }
            email:       { type: string, max: 254, pii: true }
            state:       { type: enum, values: [pending, paid, shipped, cancelled], default: pending, output_only: true }
            total:       { type: decimal, precision: 12, scale: 2, min: 0, required: true }
            note:        { type: text }
          operations: [create, get, list, update, delete]
          actions:
            pay:    { when: { state: [pending] }, set: { state: paid } }
            cancel: { when: { state: [pending, paid] }, set: { state: cancelled } }

      # Kafka topics that the service consumes.
      consumes:
        payment-captured: { topic: payments.payment.v1, service: payments, resource: order }

      # Work that is done later, by a worker.
      tasks:
        send-receipt:   { queue: default, max_retry: 10, timeout: "30s", payload: { order_id: uuid }, resource: order }
        await-payment:  { max_retry: 3, timeout: "10s", payload: { order_id: uuid }, resource: order, compensates: cancel }
        nightly-report: { queue: low, cron: "0 3 * * *" }

      # Who may call this service, and whom it trusts. Both are on unless they are turned off with a reason.
      auth: { audience: orders }
      tls: {}

      # The service's own settings: read at start from the environment, listed in the README.
      config:
        max_open_orders: { type: int32, default: 100, description: "Refuse new orders above this number." }

      # Where the service runs: one overlay each.
      environments:
        dev:     {}
        staging: {}
        prod:    { replicas: 3, config: { max_open_orders: 500 } }
      "
    `);
  });

  const hostile = [
    '',
    ' ',
    'yes',
    'null',
    '1',
    '1.0',
    '-',
    '- a',
    'a: b',
    'a #b',
    '"',
    "'",
    '`',
    '{{x}}',
    '${x}',
    '$(x)',
    '\\',
    '\\n',
    'a\nb\n',
    '\ta',
    'a ',
    '%',
    '@',
    '&a',
    '*a',
    '!a',
    '|',
    '>',
    '[',
    '{',
    '? a',
    '---',
    '...',
    'ünï😀',
    '0x1f',
    '.inf',
    '2026-01-01',
    '<<',
    '=',
    'a,b',
    'a]b',
    'a}b',
    '\u00a0',
  ];
  test.each(hostile.map((text) => [JSON.stringify(text), text] as const))(
    'keeps the description %s',
    (_, description) => {
      const written = {
        apiVersion: 'create-service/v1',
        name: 'a',
        module: 'example.com/a',
        owner: 'b',
        description,
      } as const;
      expect(manifest(manifestText(written), 'f').description).toBe(description);
    },
  );
});
