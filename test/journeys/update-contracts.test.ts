import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { livingService, restOrders } from '../support/living-service.js';

const published = readFileSync(new URL('../services/contracts/orders/openapi.yaml', import.meta.url), 'utf8');
const source = '/srv/desk.yaml';
const copy = 'api/clients/desk/openapi.yaml';
const withClient = `${restOrders}clients:\n  desk: { protocol: rest, contract: ../desk.yaml }\n`;

/** Returns a service that got a client of a service beside it. */
async function callingService() {
  const service = await livingService();
  service.files.create(source, published, 0o644);
  service.write('service.yaml', withClient);
  expect(await service.run('update')).toMatchObject({ code: 0 });
  return service;
}

function publish(service: Awaited<ReturnType<typeof livingService>>, text: string): void {
  service.files.remove(source);
  service.files.create(source, text, 0o644);
}

describe('the contract of a client', () => {
  test('is copied when the manifest names it', async () => {
    const service = await callingService();
    expect(service.read(copy)).toBe(published);
    expect(service.read('internal/clients/desk.go')).toContain('package clients');
  });

  test('stays as it was copied, also when its source is gone', async () => {
    const service = await callingService();
    service.files.remove(source);
    const before = service.snapshot();
    expect(await service.run('update', '--check')).toMatchObject({ code: 0 });
    expect(await service.run('update')).toMatchObject({ code: 0 });
    expect(service.snapshot()).toEqual(before);
  });

  test('is read anew on request', async () => {
    const service = await callingService();
    const newer = published.replace('title: ', 'title: New ');
    publish(service, newer);
    expect(await service.run('update')).toMatchObject({ code: 0 });
    expect(service.read(copy)).toBe(published);
    expect(await service.run('update', '--contracts')).toMatchObject({ code: 0 });
    expect(service.read(copy)).toBe(newer);
  });

  test('that is not there on request is refused with the place', async () => {
    const service = await callingService();
    service.files.remove(source);
    const before = service.snapshot();
    expect(await service.run('update', '--contracts')).toMatchObject({
      code: 2,
      err: expect.stringContaining('the contract is not there'),
    });
    expect(service.snapshot()).toEqual(before);
  });
});
