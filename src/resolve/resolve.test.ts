import { describe, expect, test } from 'vitest';
import type { Catalog } from '../catalog/catalog.js';
import { manifest } from '../manifest/manifest.js';
import { wholeGrammar } from '../manifest/testing/good.js';
import { head, order } from '../manifest/testing/text.js';
import type { Field } from './field-model.js';
import { resolve } from './resolve.js';

const nothing: Catalog = { components: [], packages: [], slots: [], platform: [], versions: [] };

/** The field `x` of a resource `order`. */
function field(options: string): Field {
  const [first] = resolve(manifest(order(`y: { type: bool }\nx: ${options}`), 'f'), nothing).resources;
  const found = first?.fields.find(({ name }) => name === 'x');
  if (!found) throw new Error('no field x');
  return found;
}

describe('a field', () => {
  const types: readonly (readonly [string, Partial<Field>])[] = [
    [
      '{ type: string, max: 9 }',
      { goType: 'string', goFieldType: '*string', sqlColumn: 'VARCHAR(9) NULL', sqlArg: 'o.X' },
    ],
    ['{ type: text, required: true }', { goType: 'string', sqlColumn: 'TEXT NOT NULL', maxLength: 65_535 }],
    ['{ type: text, max: 65536 }', { sqlType: 'MEDIUMTEXT', maxLength: 65_536 }],
    [
      '{ type: int32 }',
      {
        goType: 'int32',
        sqlType: 'INT',
        openapi: [
          { key: 'type', value: 'integer' },
          { key: 'format', value: 'int32' },
        ],
      },
    ],
    [
      '{ type: int64 }',
      {
        goType: 'int64',
        sqlType: 'BIGINT',
        openapiNullable: [
          { key: 'type', value: "[string, 'null']" },
          { key: 'format', value: 'int64' },
        ],
      },
    ],
    ['{ type: float64 }', { goType: 'float64', sqlType: 'DOUBLE' }],
    [
      '{ type: decimal, precision: 5, scale: 2 }',
      { goType: 'decimal.Decimal', sqlType: 'DECIMAL(5,2)', sqlParam: 'CAST(? AS DECIMAL(5,2))' },
    ],
    ['{ type: bool, required: true }', { goType: 'bool', goFieldType: 'bool', sqlColumn: 'BOOLEAN NOT NULL' }],
    ['{ type: uuid }', { goType: 'uuid.UUID', sqlType: 'BINARY(16)', sqlArg: 'mysqldb.UUID(o.X)' }],
    ['{ type: uuid, required: true }', { sqlArg: 'o.X[:]' }],
    ['{ type: timestamp }', { goType: 'time.Time', sqlType: 'DATETIME(6)' }],
    ['{ type: date }', { goType: 'date.Date', sqlType: 'DATE' }],
    [
      '{ type: json }',
      { goType: 'json.RawMessage', goFieldType: 'json.RawMessage', pointer: false, nullable: true, sqlType: 'JSON' },
    ],
    [
      '{ type: enum, values: [a, yes], required: true, index: true }',
      {
        goType: 'X',
        goTypeOutside: 'order.X',
        sqlType: 'VARCHAR(3)',
        sqlCheck: "`x` IN ('a', 'yes')",
        filterable: true,
        sortable: true,
      },
    ],
    ['{ type: bool, output_only: true, default: true }', { nullable: false, onCreate: false, onUpdate: false }],
    [
      '{ type: bool, immutable: true, index: true }',
      { onCreate: true, onUpdate: false, filterable: true, sortable: false },
    ],
    ['{ type: string, max: 9, index: true, required: true, pii: true }', { filterable: true, sortable: false }],
  ];
  test.each(types)('%s', (options, want) => {
    expect(field(options)).toMatchObject(want);
  });

  test.each([
    ['{ type: string, max: 9, default: "a`\\"b" }', 'go', '"a`\\"b"'],
    ['{ type: int32, default: 5 }', 'goNew', 'int32(5)'],
    ['{ type: int64, default: 9007199254740993 }', 'json', '"9007199254740993"'],
    ['{ type: float64, default: 1e21 }', 'goNew', 'float64(1e+21)'],
    ['{ type: decimal, precision: 5, scale: 2, default: 1.5 }', 'go', 'decimal.RequireFromString("1.50")'],
    [
      '{ type: uuid, default: 6BA7B810-9DAD-11D1-80B4-00C04FD430C8 }',
      'go',
      'uuid.MustParse("6ba7b810-9dad-11d1-80b4-00c04fd430c8")',
    ],
    [
      '{ type: timestamp, default: 2026-01-31T12:00:00.5Z }',
      'go',
      'time.Date(2026, time.January, 31, 12, 0, 0, 500000000, time.UTC)',
    ],
    ['{ type: timestamp, default: 2026-01-31T12:00:00.500Z }', 'json', '"2026-01-31T12:00:00.5Z"'],
    ['{ type: date, default: 2024-02-29 }', 'go', 'date.Date{Year: 2024, Month: time.February, Day: 29}'],
    ['{ type: enum, values: [a], default: a }', 'goOutside', 'order.XA'],
    ['{ type: json, default: { a: "`" } }', 'go', 'json.RawMessage("{\\"a\\":\\"`\\"}")'],
  ] as const)('the default of %s', (options, language, want) => {
    expect(field(options).default?.[language]).toBe(want);
  });

  test.each([
    ['{ type: string, max: 3, min: 2 }', ['too short', 'too long']],
    ['{ type: string, max: 9, pattern: "^[a-z]+$" }', ['too long', 'not matching the pattern']],
    ['{ type: int32, min: -2147483648, max: 5 }', ['too large']],
    ['{ type: float64, min: -1e300, max: 1e300 }', ['too small', 'too large']],
    ['{ type: decimal, precision: 2, scale: 1, min: 1, max: 9.9 }', ['with too many digits', 'too small']],
    ['{ type: enum, values: [unknown] }', ['unknown']],
    ['{ type: bool }', []],
  ] as const)('what %s refuses', (options, labels) => {
    const { refused, values } = field(options).examples;
    expect(refused.map(({ label }) => label)).toEqual(labels);
    expect(refused.filter(({ go }) => values.some((value) => value.go === go))).toEqual([]);
  });

  test.each([
    '{ type: int32, min: 7, max: 7 }',
    '{ type: enum, values: [a] }',
    '{ type: float64, min: 1e308 }',
    '{ type: string, max: 9, pattern: "^x$" }',
  ])('%s has an example even when there is no second one', (options) => {
    const { first, second, distinct } = field(options).examples;
    expect([second, distinct]).toEqual([first, false]);
  });
});

describe('names that are taken in Go', () => {
  test.each([
    ['app', { goPackage: 'appresource', goType: 'App' }],
    ['service', { goPackage: 'serviceresource', goType: 'ServiceResource' }],
    ['func', { goPackage: 'funcresource', goType: 'Func' }],
    ['c', { goPackage: 'cresource', receiver: 'cValue' }],
    ['customer', { goPackage: 'customer', receiver: 'cu' }],
    ['v1', { goPackage: 'v1resource' }],
    ['once-key', { table: 'once_keys_resource', path: '/v1/once-keys' }],
    ['order-line', { goPackage: 'orderline', goType: 'OrderLine', table: 'order_lines', path: '/v1/order-lines' }],
  ])('resource %s', (name, want) => {
    const text = `${head}resources: { ${name}: { store: mysql, operations: [get] } }\n`;
    expect(resolve(manifest(text, 'f'), nothing).resources[0]).toMatchObject(want);
  });

  test('fields, enums and actions', () => {
    const text = order(
      'type: { type: int32 }\ndetails: { type: enum, values: [a] }\norder: { type: enum, values: [a] }',
      'actions: { return: {}, new: {} }',
    );
    const [resource] = resolve(manifest(text, 'f'), nothing).resources;
    expect(resource?.fields.map(({ goName, goVar, goType }) => [goName, goVar, goType])).toEqual([
      ['Type', 'typeValue', 'int32'],
      ['DetailsValue', 'detailsValue', 'DetailsValue'],
      ['Order', 'orderValue', 'OrderValue'],
    ]);
    expect(resource?.actions.map(({ goMethod, handler }) => [goMethod, handler])).toEqual([
      ['Return', 'returnAction'],
      ['NewAction', 'new'],
    ]);
  });
});

describe('a service', () => {
  const model = resolve(manifest(wholeGrammar, 'f'), nothing);

  test('prints as JSON and is the same each time', () => {
    const again = resolve(manifest(wholeGrammar, 'f'), nothing);
    expect(JSON.parse(JSON.stringify(model))).toEqual(JSON.parse(JSON.stringify(again)));
  });

  test('has the defaults of its tier and its environments', () => {
    const pods = (text: string) =>
      resolve(manifest(text, 'f'), nothing).environments.map(({ name, replicas }) => [name, replicas]);
    expect(pods(head)).toEqual([
      ['dev', 1],
      ['staging', 2],
      ['prod', 2],
    ]);
    expect(pods(`${head}tier: critical\n`)).toEqual([
      ['dev', 1],
      ['staging', 3],
      ['prod', 3],
    ]);
    expect(pods(`${head}tier: best-effort\nenvironments: { prod: { replicas: 4 }, x: {} }\n`)).toEqual([
      ['prod', 4],
      ['x', 1],
    ]);
  });

  test('has its keys with their values where it runs', () => {
    const prod = model.environments.find(({ name }) => name === 'prod');
    expect(Object.fromEntries(prod?.config.map(({ key, value }) => [key, value]) ?? [])).toMatchObject({
      MAX_OPEN_ORDERS: '500',
      RATE: '0.25',
      BIG: '9007199254740993',
      LABEL: '0',
    });
    expect(prod?.config.some(({ key }) => key === 'API_KEY')).toBe(false);
  });

  test('has one SQL text for each statement', () => {
    const [resource] = resolve(
      manifest(order('a: { type: uuid, unique: true, immutable: true, required: true }\nb: { type: bool }'), 'f'),
      nothing,
    ).resources;
    expect(resource).toMatchObject({
      insertSQL:
        'INSERT INTO `orders` (`id`, `a`, `b`, `created_at`, `updated_at`, `version`) VALUES (?, ?, ?, ?, ?, ?)',
      updateSQL: 'UPDATE `orders` SET `b` = ?, `updated_at` = ?, `version` = ? WHERE `id` = ?',
      takenSQL: 'SELECT EXISTS(SELECT 1 FROM `orders` WHERE `a` = ? AND `id` <> ?)',
    });
  });

  test('asks for tokens wherever there is an API, unless the manifest says why not', () => {
    const service = order('a: { type: bool }', 'scopes: { delete: [orders.admin] }');
    const auth = (text: string) => {
      const { auth, uses } = resolve(manifest(`${service}${text}`, 'f'), nothing);
      return { ...auth, uses: uses.auth, devstack: uses.devstack };
    };
    expect(auth('')).toMatchObject({ enabled: false, uses: false });
    const scopes = ['orders.admin', 'orders.read', 'orders.write'];
    expect(auth('api: [rest]\n')).toMatchObject({
      enabled: true,
      audience: 'orders',
      scopes,
      uses: true,
      devstack: true,
    });
    expect(auth('api: [grpc]\nauth: { audience: shop }\n')).toMatchObject({ enabled: true, audience: 'shop' });
    expect(auth('api: [rest]\nauth: { mode: none, reason: a mesh does it }\n')).toMatchObject({
      enabled: false,
      reason: 'a mesh does it',
    });
    const [resource] = resolve(manifest(service, 'f'), nothing).resources;
    expect(resource?.scopes).toMatchObject({
      delete: ['orders.admin'],
      get: ['orders.read'],
      update: ['orders.write'],
    });
  });

  test('has the components that follow from it, and refuses those that do not go together', () => {
    const component = (name: string, more: object) => ({
      name,
      title: name,
      summary: '',
      requires: [],
      conflicts: [],
      provides: [],
      env: [],
      ports: [],
      images: [],
      files: [],
      fragments: [],
      ...more,
    });
    const catalog = (more: object): Catalog => ({
      ...nothing,
      components: [
        component('service', {}),
        component('mysql', { activeWhen: 'stores.mysql', ...more }),
        component('rest', { activeWhen: 'api.rest' }),
        component('mysql+rest', {}),
      ],
    });
    const written = manifest(order('a: { type: bool }'), 'f');
    expect(resolve(written, catalog({})).components.map(({ name }) => name)).toEqual(['service', 'mysql']);
    expect(resolve({ ...written, api: ['rest'] }, catalog({})).components.map(({ name }) => name)).toEqual([
      'service',
      'mysql',
      'rest',
      'mysql+rest',
    ]);
    expect(() => resolve(written, catalog({ requires: ['rest'] }))).toThrow(
      'component mysql needs component rest, which is not active',
    );
    expect(() => resolve(written, catalog({ conflicts: ['service'] }))).toThrow(
      'components mysql and service cannot be together',
    );
  });
});
