import { describe, expect, test } from 'vitest';
import { head, known, order, problems } from './testing/text.js';

/** What is wrong, the manifest, and a line for each problem. */
type Case = readonly [name: string, text: string | Uint8Array, ...lines: string[]];

function refuses(cases: readonly Case[]): void {
  test.each(cases)('%s', (_, text, ...lines) => {
    expect(problems(text, known)).toEqual(lines);
  });
}

const kebab = 'lower-case letters, digits and single dashes, beginning with a letter, at most 40 characters';
const state = 'state: { type: enum, values: [pending, paid], default: pending }';

describe('a resource', () => {
  refuses([
    [
      'store typo',
      `${head}resources:\n  order:\n    store: mysq\n`,
      '7:12: unknown value of resources.order.store (found mysq; allowed mysql, mongodb; did you mean mysql?)',
    ],
    ['no store', `${head}resources:\n  order: {}\n`, '6:3: resources.order needs store (allowed mysql, mongodb)'],
    [
      'mongodb',
      `${head}resources:\n  order:\n    store: mongodb\n    operations: [create]\n`,
      '7:12: store mongodb is not supported yet',
    ],
    [
      'nothing for a resource',
      `${head}resources:\n  order:\n`,
      '6:9: resources.order has the wrong type (found nothing; allowed a resource; write {} for an empty one)',
    ],
    [
      'capitals in a name',
      `${head}resources:\n  OrderLine: { store: mysql, operations: [get] }\n`,
      `6:3: this is not a kebab-case name (found OrderLine; allowed ${kebab}; did you mean order-line?)`,
    ],
    [
      'cache',
      order(state, 'cache: { ttl: 5m }\nevents: true'),
      '10:5: cache is not supported yet',
      '11:5: events is not supported yet',
    ],
    [
      'cache without get',
      order(state, 'operations: [create, list]\ncache: { ttl: 5m }'),
      '11:5: there is nothing to cache: only get reads through the cache (leave cache out, or add get to operations)',
      '11:5: cache is not supported yet',
    ],
    [
      'cache zero',
      order(state, 'cache: { ttl: 0s }'),
      '10:5: cache is not supported yet',
      '10:19: ttl is zero (found 0s; allowed a duration above zero)',
    ],
    [
      'cache bad',
      order(state, 'cache: { ttl: 5 minutes }'),
      '10:5: cache is not supported yet',
      '10:19: resources.order.cache.ttl: this is not a duration (found "5 minutes"; allowed numbers with units, such as 30s, 5m or 1h30m)',
    ],
  ]);
});

describe('operations and scopes', () => {
  refuses([
    [
      'a typo in an operation',
      order(state, 'operations: [create, updat]'),
      '10:26: unknown value of item 2 of resources.order.operations (found updat; allowed create, get, list, update, delete; did you mean update?)',
    ],
    ['an operation twice', order(state, 'operations: [create, create]'), '10:26: create is there twice'],
    [
      'nothing to update',
      order('a: { type: bool, immutable: true }'),
      '6:3: there is nothing that update could change: no field that a client may give and change (write operations: [create, get, list, delete])',
    ],
    [
      'nothing to update 2',
      order('a: { type: bool, immutable: true }', 'operations: [get, update]'),
      '10:5: there is nothing that update could change: no field that a client may give and change (write operations: [get])',
    ],
    [
      'scopes',
      order(state, 'operations: [get, update]\nscopes: { create: [a], get: ["a b"], upd: [x, x] }'),
      '11:15: there is no operation or action create (allowed get, update)',
      '11:34: this is not a scope (found "a b"; allowed printable ASCII without spaces, quotes and backslashes)',
      '11:42: there is no operation or action upd (allowed get, update)',
      '11:51: x is there twice',
    ],
  ]);
});

describe('actions', () => {
  refuses([
    [
      'an action named like an operation',
      order(state, 'actions:\n  create: {}'),
      '11:7: no action is named create: it is an operation',
    ],
    [
      'action field clash',
      order(`${state}\npay: { type: bool }`, 'actions:\n  pay: {}'),
      '12:7: field pay and action pay both become the Go name Pay (the other is on line 10)',
    ],
    [
      'an action that is announced as an operation is',
      order(state, 'events: true\nactions:\n  updated: {}\n  deleted: {}\noperations: [create, get, update]'),
      '10:5: events is not supported yet',
      '12:7: operation update and action updated both become the event updated (the other is on line 6)',
    ],
    [
      'action unknown field',
      order(state, 'actions:\n  pay: { when: { stat: [paid] } }'),
      '11:22: there is no field stat (allowed state; did you mean state?)',
    ],
    [
      'action unknown value',
      order(state, 'actions:\n  pay: { when: { state: [payd] } }'),
      '11:30: there is no value payd (allowed pending, paid; did you mean paid?)',
    ],
    [
      'action not enum',
      order(`${state}\nb: { type: bool }`, 'actions:\n  pay: { when: { b: [paid] } }'),
      '12:22: when asks for an enum field (found b, of type bool; allowed state)',
    ],
    [
      'action set',
      order(`${state}\nn: { type: int32, max: 5 }`, 'actions:\n  pay: { set: { state: payd, n: 6, x: 1 } }'),
      '12:28: this does not fit field state of type enum (found payd; allowed pending, paid; did you mean paid?)',
      '12:37: this does not fit field n of type int32 (found 6; allowed -2147483648 to 5)',
      '12:40: there is no field x (allowed state, n; did you mean n?)',
    ],
    [
      'action set null',
      order(state, 'actions:\n  pay: { set: { state: null } }'),
      '11:28: resources.order.actions.pay.set.state has the wrong type (found nothing; allowed text, a number, true or false)',
      '11:28: this does not fit field state of type enum (found a map or a list; allowed pending, paid)',
    ],
  ]);
});

describe('names that become one', () => {
  refuses([
    [
      'plural clash',
      `${head}resources:\n  order: { store: mysql, operations: [get] }\n  orders: { store: mysql, operations: [get] }\n`,
      '7:3: resource order and resource orders both become the path /v1/orders (the other is on line 6)',
    ],
    [
      'package clash',
      `${head}resources:\n  order-line: { store: mysql, operations: [get] }\n  orderline: { store: mysql, operations: [get] }\n`,
      '7:3: resource order-line and resource orderline both become the Go package orderline (the other is on line 6)',
    ],
    [
      'test package',
      `${head}resources:\n  order: { store: mysql, operations: [get] }\n  order-test: { store: mysql, operations: [get] }\n`,
      '6:3: resource order-test and resource order both become the Go package ordertest (the other is on line 7)',
    ],
    [
      'new clash',
      `${head}resources:\n  order: { store: mysql, operations: [get] }\n  new-order: { store: mysql, operations: [get] }\n`,
      '6:3: resource new-order and resource order both become the Go name NewOrders (the other is on line 7)',
    ],
    [
      'API types that clash',
      `${head}resources:\n  order: { store: mysql, operations: [get] }\n  order-page: { store: mysql, operations: [get] }\n`,
      '6:3: resource order-page and resource order both become the type OrderPage (the other is on line 7)',
    ],
    [
      'operation ids that clash',
      `${head}resources:\n  order: { store: mysql, operations: [get], actions: { create-new: {} } }\n  new-order: { store: mysql, operations: [get], plural: newer-orders }\n`,
      '7:3: action create-new of order and resource new-order both become the operation id createNewOrder (the other is on line 6)',
    ],
  ]);
});
