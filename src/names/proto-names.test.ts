import { describe, expect, it, test } from 'vitest';
import {
  protoEnumPrefix,
  protoEnumValue,
  protoField,
  protoGoFields,
  protoGoName,
  protoMember,
  protoPascal,
} from './proto-names.js';

test.each([
  ['order-line', 'OrderLine'],
  ['api-key', 'ApiKey'],
  ['a-1b', 'A1b'],
])('%s is the message %s', (name, message) => {
  expect(protoPascal(name)).toBe(message);
});

// As strs.GoCamelCase of google.golang.org/protobuf gives them.
test.each([
  ['customer_id', 'CustomerId'],
  ['line_2', 'Line_2'],
  ['line2x', 'Line2X'],
  ['_customer_id', 'XCustomerId'],
  ['Order.State', 'Order_State'],
  ['ABOrder', 'ABOrder'],
  ['A1b', 'A1B'],
])('Go calls %s %s', (name, go) => {
  expect(protoGoName(name)).toBe(go);
});

describe('the Go fields of a message', () => {
  const goFields = (...names: string[]) =>
    protoGoFields(names.map((name) => ({ name: name.replace('?', ''), optional: name.endsWith('?') })));

  it('avoid the methods of messages', () => {
    expect(goFields('string', 'reset', 'descriptor')).toEqual(['String_', 'Reset_', 'Descriptor_']);
  });

  it('avoid the getters of other fields', () => {
    expect(goFields('name', 'get_name')).toEqual(['Name', 'GetName_']);
    expect(goFields('get_name', 'name')).toEqual(['GetName', 'Name_']);
  });

  it('avoid the oneofs of optional ones', () => {
    expect(goFields('name?', 'x_name?')).toEqual(['Name', 'XName_']);
    expect(goFields('name', 'x_name')).toEqual(['Name', 'XName']);
  });
});

test('names that the system has are changed', () => {
  expect(['total', 'etag'].map(protoField)).toEqual(['total', 'etag_value']);
  expect(['order-line', 'request-id'].map(protoMember)).toEqual(['order_line', 'request_id_resource']);
});

test.each([
  ['State', 'on', 'STATE_ON'],
  ['OrderState', 'extra_large', 'ORDER_STATE_EXTRA_LARGE'],
  ['AB', 'c', 'AB_C'],
  ['State', 'unspecified', 'STATE_UNSPECIFIED_VALUE'],
])('the enum %s calls its value %s %s', (name, value, constant) => {
  expect(protoEnumValue(protoEnumPrefix(name), value)).toBe(constant);
});
