import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/system/processes.js';
import { type LivingService, livingService, restOrders } from '../support/living-service.js';

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

function publish(service: LivingService, text: string): void {
  service.files.remove(source);
  service.files.create(source, text, 0o644);
}

/** A git that has the first text of one file in a commit. */
function history(service: LivingService, path: string): Run {
  const text = service.read(path);
  return async (_, [command, ...rest]) => {
    if (command === 'log' && rest.at(-1) === path) return { code: 0, stdout: 'c1\n', stderr: '' };
    if (command === 'show' && rest[0] === `c1:./${path}`) return { code: 0, stdout: text, stderr: '' };
    return { code: 1, stdout: '', stderr: '' };
  };
}

const newer = published.replace('title: ', 'title: New ');

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

  test('is read anew when the manifest says another place', async () => {
    const service = await callingService();
    service.files.create('/srv/other.yaml', newer, 0o644);
    service.edit('service.yaml', '../desk.yaml', '../other.yaml');
    expect(await service.run('update')).toMatchObject({ code: 0 });
    expect(service.read(copy)).toBe(newer);
    expect(service.read('api/clients/desk/contract.lock')).toContain('../other.yaml');
  });

  test('is not what somebody wrote into its copy: that is drift, and stays', async () => {
    const service = await callingService();
    const git = history(service, copy);
    service.files.remove(source);
    service.write(copy, newer);
    const living = service.copy({ run: git });
    const { code, out, err } = await living.run('update', '--check');
    expect({ code, text: `${out}${err}` }).toEqual({ code: 1, text: expect.stringContaining(copy) });
    expect(await living.run('update')).toMatchObject({ code: 0 });
    expect(living.read(copy)).toBe(newer);
    expect(await living.run('update', '--check')).toMatchObject({ code: 1 });
    expect(await living.run('update', '--restore', copy)).toMatchObject({ code: 0 });
    expect(living.read(copy)).toBe(published);
  });

  test('is asked for at its place when its copy is lost', async () => {
    const service = await callingService();
    service.files.remove(source);
    service.remove(copy);
    expect(await service.run('update')).toMatchObject({
      code: 2,
      err: expect.stringContaining('the contract is not there'),
    });
    service.files.create(source, published, 0o644);
    expect(await service.run('update', '--restore', copy)).toMatchObject({ code: 0 });
    expect(service.read(copy)).toBe(published);
  });

  test('goes with the client', async () => {
    const service = await livingService();
    const before = service.snapshot().filter((line) => !line.includes('lock.yaml'));
    service.files.create(source, published, 0o644);
    const client = ['client', 'desk', '--protocol', 'rest', '--contract', '../desk.yaml'];
    expect(await service.run('add', ...client)).toMatchObject({ code: 0 });
    expect(service.has(copy)).toBe(true);
    service.files.remove(source);
    expect(await service.run('remove', 'client', 'desk')).toMatchObject({ code: 0 });
    expect(service.snapshot().filter((line) => !line.includes('lock.yaml'))).toEqual(before);
  });
});
