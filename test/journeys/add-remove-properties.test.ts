import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Run } from '../../src/system/processes.js';
import { livingService } from '../support/living-service.js';

/** Each case renders a whole service six times, so there are fewer of them. */
const numRuns = Math.ceil(Number(process.env.PROPERTY_RUNS ?? 300) / 30);

const type = fc.constantFrom(
  'string(20)',
  'string(7)=x',
  'text',
  'int32',
  'int32!=5',
  'int64@index',
  'float64',
  'decimal(12,2)',
  'decimal(5,1)!=1.5',
  'bool',
  'bool!=true',
  'uuid@unique',
  'timestamp@index',
  'date',
  'enum(one,two)',
  'enum(one,two)!@index=two',
  'json',
);
const name = fc.constantFrom(
  'gift',
  'weight',
  'kind',
  'type',
  'select',
  'order_id',
  'api_url',
  'message',
  'version_of',
  'z',
);
const field = fc.tuple(name, type).map(([key, kind]) => `${key}:${kind}`);
const fields = fc.uniqueArray(field, { minLength: 1, maxLength: 4, selector: (one) => one.split(':')[0] });

/** A service whose last commit is as it is now, and what is in it. */
async function committed(manifest?: string) {
  const begun = await livingService(manifest);
  const lock = begun.read('.create-service/lock.yaml');
  const run: Run = async (_, [command]) => ({
    code: command === 'log' ? 1 : 0,
    stdout: command === 'show' ? lock : '',
    stderr: '',
  });
  return { before: begun.snapshot(), copy: () => begun.copy({ run }) };
}

it('fields that are added and removed in any order leave the service as it was', { timeout: 600_000 }, async () => {
  const { before, copy } = await committed();
  await fc.assert(
    fc.asyncProperty(fields, fc.boolean(), async (definitions, isReversed) => {
      const service = copy();
      const dry = JSON.parse((await service.run('add', 'field', 'order', ...definitions, '--dry-run', '--json')).out);
      expect(service.snapshot()).toEqual(before);
      const { code, out } = await service.run('add', 'field', 'order', ...definitions, '--json');
      expect(code).toBe(0);
      expect(JSON.parse(out).plan).toEqual(dry.plan);
      const names = definitions.map((one) => one.split(':')[0] ?? '');
      for (const one of isReversed ? names.reverse() : names) {
        expect(await service.run('remove', 'field', 'order', one)).toMatchObject({ code: 0 });
      }
      expect(service.snapshot()).toEqual(before);
    }),
    { numRuns },
  );
});

/** Orders without anything that the additions bring. */
const plainOrders = `apiVersion: create-service/v1
name: orders
module: github.com/acme/orders
owner: team-checkout
tier: standard
api: [rest]
resources:
  order:
    fields:
      customer_id: { type: uuid, required: true, index: true }
      # A comment stays where it is.
      state: { type: enum, values: [pending, paid, cancelled], default: pending }
    store: mysql
environments:
  dev: {}
  prod: { replicas: 4 }
`;

/** How each kind is added to a service with a resource `order`, and which words remove it. */
const additions: readonly (readonly [add: readonly string[], remove: readonly string[]])[] = [
  [
    ['resource', 'refund', 'amount:decimal(12,2)!', 'reason:text'],
    ['resource', 'refund'],
  ],
  [
    ['resource', 'note', 'store=mongodb', 'body:text'],
    ['resource', 'note'],
  ],
  [
    ['action', 'order', 'hold', '--when', 'state=pending', '--set', 'state=cancelled'],
    ['action', 'order', 'hold'],
  ],
  [
    ['task', 'ping', '--payload', 'order_id:uuid', '--resource', 'order'],
    ['task', 'ping'],
  ],
  [
    ['task', 'sweep', '--cron', '0 3 * * *', '--resource', 'order'],
    ['task', 'sweep'],
  ],
  [
    ['consumer', 'shipped', '--topic', 'shipping.shipment.v1', '--service', 'shipping', '--resource', 'order'],
    ['consumer', 'shipped'],
  ],
  [
    ['environment', 'canary', '--replicas', '1'],
    ['environment', 'canary'],
  ],
  [
    ['config', 'grace:duration=5m', '--description', 'How long.'],
    ['config', 'grace'],
  ],
  [
    ['events', 'order'],
    ['events', 'order'],
  ],
  [
    ['cache', 'order', '--ttl', '60s'],
    ['cache', 'order'],
  ],
  [
    ['field', 'order', 'gift:bool=true'],
    ['field', 'order', 'gift'],
  ],
];

it('whatever is added and removed in any order leaves the service as it was', { timeout: 600_000 }, async () => {
  const { before, copy } = await committed(plainOrders);
  const some = fc.shuffledSubarray(
    additions.map((_, index) => index),
    { minLength: 1, maxLength: 4 },
  );
  await fc.assert(
    fc.asyncProperty(some, fc.boolean(), async (chosen, isReversed) => {
      const service = copy();
      for (const index of chosen) {
        const [add = []] = additions[index] ?? [];
        expect(await service.run('add', ...add), add.join(' ')).toMatchObject({ code: 0 });
      }
      for (const index of isReversed ? [...chosen].reverse() : chosen) {
        const [, remove = []] = additions[index] ?? [];
        expect(await service.run('remove', ...remove), remove.join(' ')).toMatchObject({ code: 0 });
      }
      expect(service.snapshot()).toEqual(before);
    }),
    { numRuns },
  );
});
