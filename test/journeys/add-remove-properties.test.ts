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

it('fields that are added and removed in any order leave the service as it was', { timeout: 600_000 }, async () => {
  const begun = await livingService();
  const lock = begun.read('.create-service/lock.yaml');
  const run: Run = async (_, [command]) => ({
    code: command === 'log' ? 1 : 0,
    stdout: command === 'show' ? lock : '',
    stderr: '',
  });
  const before = begun.snapshot();
  await fc.assert(
    fc.asyncProperty(fields, fc.boolean(), async (definitions, isReversed) => {
      const service = begun.copy({ run });
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
