import { describe, expect, test } from 'vitest';
import { livingService } from '../support/living-service.js';

/** A service whose manifest was changed by `edit` and then updated. */
async function changed(from: string, to: string) {
  const service = await livingService();
  service.edit('service.yaml', from, to);
  const outcome = await service.run('update');
  expect(outcome.code).toBe(0);
  return { service, outcome };
}

const stepsOf = (service: Awaited<ReturnType<typeof livingService>>) =>
  service.snapshot().flatMap((line) => /migrations\/(0000[4-9]\S*)/.exec(line)?.[1] ?? []);

describe('what the program of before may still use is settled in an update of its own:', () => {
  test('a narrower string', async () => {
    const { service, outcome } = await changed('max: 254', 'max: 100');
    expect(outcome.err).toContain('create-service update --settle order.email');
    expect(stepsOf(service)).toEqual([]);
    expect((await service.run('update', '--settle', 'order.email')).code).toBe(0);
    expect(service.read('migrations/00004_narrow_email_of_orders.sql')).toBe(`-- +goose Up
ALTER TABLE \`orders\`
  ADD CONSTRAINT \`orders_email_fits\` CHECK (CHAR_LENGTH(\`email\`) <= 100);

ALTER TABLE \`orders\`
  DROP CONSTRAINT \`orders_email_fits\`,
  MODIFY COLUMN \`email\` VARCHAR(100) NULL;

-- +goose Down
ALTER TABLE \`orders\`
  MODIFY COLUMN \`email\` VARCHAR(254) NULL;
`);
    expect((await service.run('update', '--check')).code).toBe(0);
  });

  test('fewer digits, which MySQL would round', async () => {
    const { service } = await changed('precision: 12, scale: 2', 'precision: 9, scale: 1');
    await service.run('update', '--settle', 'all');
    expect(service.read('migrations/00004_narrow_total_of_orders.sql')).toContain(
      'CHECK (ABS(`total`) < 1e8 AND `total` = ROUND(`total`, 1))',
    );
  });

  test('a value less', async () => {
    const { service } = await changed('shipped, ', '');
    expect(stepsOf(service)).toEqual([]);
    expect((await service.run('update', '--settle', 'order.state')).code).toBe(0);
    const step = service.read('migrations/00004_narrow_state_of_orders.sql');
    expect(step).toContain(
      "DROP CONSTRAINT `orders_state_check`,\n  ADD CONSTRAINT `orders_state_check` CHECK (`state` IN ('pending', 'paid', 'cancelled'))",
    );
    expect(step.slice(step.indexOf('Down'))).toContain("'shipped'");
  });

  test('a field that is gone, with its key', async () => {
    const { service } = await changed('      product_id:  { type: uuid, immutable: true, index: true }\n', '');
    expect((await service.run('update', '--settle', 'order.product_id')).code).toBe(0);
    expect(service.read('migrations/00004_drop_product_id_of_orders.sql')).toBe(`-- +goose Up
ALTER TABLE \`orders\`
  DROP KEY \`orders_product_id\`,
  DROP COLUMN \`product_id\`;

-- +goose Down
-- What was in it is gone.
ALTER TABLE \`orders\`
  ADD COLUMN \`product_id\` BINARY(16) NULL,
  ADD KEY \`orders_product_id\` (\`product_id\`, \`id\`);
`);
    service.edit('service.yaml', '      note:', '      product_id: { type: string, max: 9 }\n      note:');
    expect((await service.run('update')).code).toBe(0);
    expect(stepsOf(service)).toContain('00005_add_product_id_to_orders.sql');
  });

  test('a resource that is gone', async () => {
    const service = await livingService();
    await service.run('add', 'resource', 'refund', 'amount:int32');
    await service.run('remove', 'resource', 'refund');
    expect((await service.run('update', '--settle', 'refund')).code).toBe(0);
    const step = service.read('migrations/00005_drop_refunds.sql');
    expect(step).toContain('-- +goose Up\nDROP TABLE `refunds`;\n');
    expect(step).toContain('CREATE TABLE IF NOT EXISTS `refunds` (');
  });

  test('nothing that is not left, and not before another change', async () => {
    const { service } = await changed('max: 254', 'max: 100');
    expect(await service.run('update', '--settle', 'order.note')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--settle takes: order.email'),
    });
    service.edit('service.yaml', 'max: 100', 'max: 150');
    expect(await service.run('update')).toMatchObject({
      code: 2,
      err: expect.stringContaining('run create-service update --settle first'),
    });
  });
});
