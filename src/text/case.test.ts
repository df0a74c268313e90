import { describe, expect, test } from 'vitest';
import { article, camel, kebab, pascal, prose, screaming, snake } from './case.js';

describe('a name in every spelling', () => {
  const cases: readonly (readonly [
    string,
    Readonly<Record<'pascal' | 'camel' | 'snake' | 'kebab' | 'screaming' | 'prose', string>>,
  ])[] = [
    ['order', { pascal: 'Order', camel: 'order', snake: 'order', kebab: 'order', screaming: 'ORDER', prose: 'order' }],
    [
      'order-line',
      {
        pascal: 'OrderLine',
        camel: 'orderLine',
        snake: 'order_line',
        kebab: 'order-line',
        screaming: 'ORDER_LINE',
        prose: 'order line',
      },
    ],
    [
      'customer_id',
      {
        pascal: 'CustomerID',
        camel: 'customerID',
        snake: 'customer_id',
        kebab: 'customer-id',
        screaming: 'CUSTOMER_ID',
        prose: 'customer ID',
      },
    ],
    [
      'id_card',
      { pascal: 'IDCard', camel: 'idCard', snake: 'id_card', kebab: 'id-card', screaming: 'ID_CARD', prose: 'ID card' },
    ],
    ['url', { pascal: 'URL', camel: 'url', snake: 'url', kebab: 'url', screaming: 'URL', prose: 'URL' }],
    [
      'http_api_ids',
      {
        pascal: 'HTTPAPIIDs',
        camel: 'httpAPIIDs',
        snake: 'http_api_ids',
        kebab: 'http-api-ids',
        screaming: 'HTTP_API_IDS',
        prose: 'HTTP API IDs',
      },
    ],
    ['a__b_', { pascal: 'AB', camel: 'aB', snake: 'a_b', kebab: 'a-b', screaming: 'A_B', prose: 'a b' }],
    ['x1_y2', { pascal: 'X1Y2', camel: 'x1Y2', snake: 'x1_y2', kebab: 'x1-y2', screaming: 'X1_Y2', prose: 'x1 y2' }],
    ['https', { pascal: 'HTTPS', camel: 'https', snake: 'https', kebab: 'https', screaming: 'HTTPS', prose: 'HTTPS' }],
  ];
  test.each(cases)('%s', (name, want) => {
    const got = {
      pascal: pascal(name),
      camel: camel(name),
      snake: snake(name),
      kebab: kebab(name),
      screaming: screaming(name),
      prose: prose(name),
    };
    expect(got).toEqual(want);
  });
});

test.each([
  ['order', 'an'],
  ['user', 'a'],
  ['invoice', 'an'],
  ['unit', 'a'],
  ['umbrella', 'an'],
  ['hour', 'an'],
  ['house', 'a'],
  ['ID card', 'an'],
  ['URL', 'a'],
  ['HTTP call', 'an'],
  ['API key', 'an'],
  ['UUID', 'a'],
  ['once key', 'an'],
  ['apple', 'an'],
  ['utility', 'a'],
  ['use case', 'a'],
] as const)('%s takes %s', (text, want) => {
  expect(article(text)).toBe(want);
});
