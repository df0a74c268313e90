import { expect, test } from 'vitest';
import { cronProblem } from './cron-problem.js';
import { moduleProblem } from './module-problem.js';
import { nameProblem } from './name-problem.js';
import { ownerProblem } from './owner-problem.js';
import { registryProblem } from './registry-problem.js';

const accepted = {
  name: [nameProblem, ['a', 'order-line', 'x1-2y', 'a'.repeat(40)]],
  module: [
    moduleProblem,
    ['github.com/acme/orders', 'example.com', 'github.com/Acme/Orders_1~x', 'gopkg.in/yaml.v3', 'a.b/c/v2', 'a.b/v10'],
  ],
  registry: [
    registryProblem,
    ['ghcr.io/acme', 'localhost:5000', 'a.b-c.d:443/x/y_z/w__v/u-t', 'acme', '10.0.0.1:80/x'],
  ],
  cron: [
    cronProblem,
    ['0 3 * * *', '*/5 0-23/2 1,15 jan-mar MON-FRI', '@daily', '@every 1h30m', '0 0 ? * 0', '59 23 31 12 6'],
  ],
  owner: [ownerProblem, ['team-commerce', '@acme/team', 'Ünï "Q" 😀']],
} as const;

const refused = {
  name: [nameProblem, ['', 'A', '1a', '-a', 'a-', 'a--b', 'a_b', 'a b', 'a'.repeat(41), 'é']],
  module: [
    moduleProblem,
    [
      '',
      'orders',
      '/a',
      'a.b/',
      'a.b//c',
      'a.b/../c',
      'a.b/./c',
      '.a.b',
      'a.b/.c',
      'a.b/c.',
      '-a.b',
      'A.b/c',
      'a.b/c d',
    ]
      .concat([
        'a.b/é',
        'a.b/con',
        'a.b/NUL.txt',
        'a.b/x~1',
        'a.b/v1',
        'a.b/v0',
        'a.b/v02',
        'gopkg.in/yaml',
        'https://a.b/c',
      ])
      .concat(['a.b/c:d', 'a.b/c@v1', 'a.b\\c', 'a.b/c\n']),
  ],
  registry: [
    registryProblem,
    ['https://a', '/a', 'a/', 'a//b', 'a/B', 'a/b:v1', 'a/b@sha256:0', 'a b', 'a/..', '-a', ''],
  ],
  cron: [
    cronProblem,
    [
      '',
      '* * * *',
      '* * * * * *',
      '60 * * * *',
      '* 24 * * *',
      '* * 0 * *',
      '* * * 13 *',
      '* * * * 7',
      '5-1 * * * *',
      '*/0 * * * *',
    ].concat(['@never', '@every 1', 'TZ=UTC * * * * *', 'x * * * *', '1.5 * * * *']),
  ],
  owner: [ownerProblem, ['', '  ', 'a\nb', 'x'.repeat(201), 'a\u0007']],
} as const;

test.each(Object.entries(accepted))('every good %s is accepted', (_, [problem, texts]) => {
  expect(texts.filter((text) => problem(text) !== undefined)).toEqual([]);
});

test.each(Object.entries(refused))('every bad %s is refused with a reason', (_, [problem, texts]) => {
  expect(texts.filter((text) => !problem(text))).toEqual([]);
});
