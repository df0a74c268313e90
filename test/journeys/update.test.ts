import { describe, expect, test } from 'vitest';
import { livingService, restOrders } from '../support/living-service.js';

const withField = (text: string) =>
  text.replace(
    '      note:        { type: text }\n',
    '      note:        { type: text }\n      gift:        { type: bool }\n',
  );

describe('update of a service that nobody touched', () => {
  test('writes nothing and says so', async () => {
    const service = await livingService();
    const before = service.snapshot();
    const { code, out, err } = await service.run('update');
    expect({ code, out, err }).toEqual({
      code: 0,
      out: expect.stringMatching(/^Up to date: \d+ unchanged\n$/),
      err: '',
    });
    expect(service.snapshot()).toEqual(before);
    expect((await service.run('update', '--check')).code).toBe(0);
    expect(await service.run('diff')).toMatchObject({ code: 0, out: '' });
  });

  test('writes nothing with gRPC, and starts no program', async () => {
    const service = await livingService(restOrders.replace('api: [rest]', 'api: [rest, grpc]'));
    const idle = service.copy({ wasm: () => Promise.reject(new Error('started')) });
    expect((await idle.run('update')).out).toMatch(/^Up to date: \d+ unchanged\n$/);
  });
});

describe('update after a change of the manifest', () => {
  test('brings it to all files, those of people among them, and is then done', async () => {
    const service = await livingService();
    service.write('service.yaml', withField(restOrders));
    const check = await service.run('update', '--check');
    expect(check.code).toBe(1);
    expect(check.err).toContain('  internal/order/order.go\n');
    const dry = await service.run('update', '--dry-run', '--json');
    const { code, out } = await service.run('update', '--json');
    expect(code).toBe(0);
    const { plan, receipt } = JSON.parse(out);
    expect(JSON.parse(dry.out).plan).toEqual(plan);
    expect(plan).toContainEqual(expect.objectContaining({ path: 'internal/order/order.go', verdict: 'update' }));
    expect(receipt.updated).toContain('internal/order/order.go');
    expect(service.read('internal/order/order.go')).toContain('Gift');
    expect((await service.run('update')).out).toMatch(/^Up to date: \d+ unchanged\n$/);
    expect((await service.run('update', '--check')).code).toBe(0);
  });

  test('merges it into what people edited', async () => {
    const service = await livingService();
    service.edit('internal/order/order.go', '// Package order', '// Mine.\n\n// Package order');
    service.write('service.yaml', withField(restOrders));
    const { code, out } = await service.run('update');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/order\.go +merge$/m) });
    const text = service.read('internal/order/order.go');
    expect(text).toContain('// Mine.');
    expect(text).toContain('Gift');
  });

  test('shows both sides where both changed the same lines, exits 1, and finishes with --continue', async () => {
    const service = await livingService();
    service.edit('internal/store/order_sql.go', 'Columns = "`id`, ', 'Columns = "`id`, `mine`, ');
    service.write('service.yaml', withField(restOrders));
    const { code, out, err } = await service.run('update', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ exitCode: 1, conflicts: ['internal/store/order_sql.go'] });
    expect(err).toContain('create-service update --continue');
    expect(service.read('internal/store/order_sql.go')).toMatch(
      /^<{7} yours\n.*\n\|{7} last render\n.*\n={7}\n.*\n>{7} /m,
    );
    const again = await service.run('update');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('internal/store/order_sql.go:') });
    expect((await service.run('update', '--continue')).code).toBe(1);
    const resolved = service.read('internal/store/order_sql.go').replace(/^(<{7}|\|{7}|={7}|>{7}).*\n/gm, '');
    service.write('internal/store/order_sql.go', resolved);
    expect((await service.run('update', '--continue')).code).toBe(0);
    expect(service.read('internal/store/order_sql.go')).toBe(resolved);
    expect((await service.run('update', '--check')).code).toBe(0);
  });

  test('that is only a comment changes nothing but what is remembered', async () => {
    const service = await livingService();
    service.write('service.yaml', `${restOrders}# a remark\n`);
    expect((await service.run('update', '--check')).code).toBe(0);
    const { receipt } = JSON.parse((await service.run('update', '--json')).out);
    expect(receipt).toMatchObject({ created: [], updated: [], removed: [] });
    expect(service.read('.create-service/lock.yaml')).toContain('# a remark');
  });

  test('that is wrong is refused with the place', async () => {
    const service = await livingService();
    service.write('service.yaml', restOrders.replace('type: text', 'type: txt'));
    expect(await service.run('update')).toMatchObject({ code: 2, err: expect.stringContaining('service.yaml:20:28:') });
  });
});

describe('update refuses', () => {
  test('a directory without a service', async () => {
    const service = await livingService();
    service.remove('.create-service/lock.yaml');
    expect(await service.run('update')).toMatchObject({
      code: 3,
      err: expect.stringContaining('lock.yaml is missing'),
    });
  });

  test.each([
    ['lock: 1\n', 'lock: 2\n'],
    ['tool: 0.1.0\n', 'tool: 0.10.0\n'],
  ])('a lock of a newer version: %j became %j', async (from, to) => {
    const service = await livingService();
    service.edit('.create-service/lock.yaml', from, to);
    expect(await service.run('update')).toMatchObject({ code: 3, err: expect.stringContaining('newer') });
  });
});

test('diff prints a patch with every kind of change', async () => {
  const service = await livingService();
  service.write('service.yaml', restOrders.replace('  dev: {}\n', '  lab: {}\n'));
  const { code, out } = await service.run('diff');
  expect(code).toBe(0);
  expect(out).toMatch(
    /^diff --git a\/configs\/dev\/config\.yaml b\/configs\/dev\/config\.yaml\ndeleted file mode 100644\n--- a/m,
  );
  expect(out).toMatch(/^new file mode 100644\n--- \/dev\/null\n\+\+\+ b\/configs\/lab\/config\.yaml\n@@ -0,0 /m);
});
