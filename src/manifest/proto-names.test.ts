import { expect, test } from 'vitest';
import { head, known, problems } from './testing/text.js';

const knowing = { ...known, features: new Set([...known.features, 'grpc']) };
const two = (first: string, second: string) =>
  `resources:\n  ${first}: { store: mysql, operations: [get] }\n  ${second}: { store: mysql, operations: [get] }\n`;
const fields = (text: string) => `resources:\n  order: { store: mysql, fields: { ${text} } }\n`;

/** What is wrong, the resources, and the problem. */
const cases: readonly (readonly [string, string, string])[] = [
  [
    'a message and a service',
    two('order', 'order-service'),
    '8:3: resource order and resource order-service both become the protobuf name OrderService (the other is on line 7)',
  ],
  [
    'an action and a resource',
    'resources:\n  order: { store: mysql, operations: [get], actions: { x: {} } }\n  x-order-request: { store: mysql, operations: [get] }\n',
    '8:3: action x of order and resource x-order-request both become the protobuf name XOrderRequest (the other is on line 7)',
  ],
  [
    'generated files',
    two('order', 'order-grpc'),
    '8:3: resource order and resource order-grpc both become the generated file order_grpc (the other is on line 7)',
  ],
  [
    'a field that the system has',
    fields('etag: { type: bool }, etag_value: { type: bool }'),
    '7:58: field etag and field etag_value both become the protobuf field etag_value (the other is on line 7)',
  ],
  [
    'a value that stands for none',
    fields('a: { type: enum, values: [unspecified, unspecified_value] }'),
    '7:75: value unspecified of a and value unspecified_value of a both become the protobuf name A_UNSPECIFIED_VALUE (the other is on line 7)',
  ],
];

test.each(cases)('refuses %s that become one in protobuf', (_, resources, problem) => {
  expect(problems(`${head}api: [grpc]\n${resources}`, knowing)).toEqual([problem]);
  expect(problems(`${head}${resources}`, knowing)).toEqual([]);
});
