import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/system/processes.js';
import { type LivingService, livingService, restOrders } from '../support/living-service.js';

const published = readFileSync(new URL('../services/contracts/catalogue/openapi.yaml', import.meta.url), 'utf8');
const manifest = `${restOrders}clients:\n  stock: { protocol: rest, contract: ../stock/openapi.yaml }\n`;
const copy = 'api/clients/stock/openapi.yaml';
const lock = 'api/clients/stock/contract.lock';
const place = '../stock/openapi.yaml';

/** A service whose contract was read at a place that is gone by now. */
function alone(): Promise<LivingService> {
  return livingService(manifest, { files: { '/stock/openapi.yaml': published } });
}

async function beside(text: string): Promise<LivingService> {
  const service = await alone();
  service.write(place, text);
  return service;
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

const newer = published.replace('version: "2"', 'version: "9.9.9"');

describe('the copy of a contract', () => {
  test('is enough for an update: the place where it is from may be gone', async () => {
    const service = await alone();
    const text = service.read(copy);
    expect((await service.run('add', 'field', 'order', 'gift:bool')).code).toBe(0);
    expect((await service.run('update', '--check')).code).toBe(0);
    expect(service.read(copy)).toBe(text);
  });

  test('stays when only the other service has changed', async () => {
    const service = await beside(newer);
    const before = service.snapshot();
    expect((await service.run('update')).code).toBe(0);
    expect(service.snapshot()).toEqual(before);
  });

  test('is taken anew when a file of it is restored, and then all of it', async () => {
    const service = await beside(newer);
    const digest = service.read(lock);
    expect((await service.run('update', '--restore', copy)).code).toBe(0);
    expect(service.read(copy)).toContain('9.9.9');
    expect(service.read(lock)).not.toBe(digest);
    expect((await service.run('update', '--check')).code).toBe(0);
  });

  test('is taken anew when the manifest says another place', async () => {
    const service = await beside(published);
    service.write('../other/openapi.yaml', newer);
    service.edit('service.yaml', '../stock/openapi.yaml', '../other/openapi.yaml');
    expect((await service.run('update')).code).toBe(0);
    expect(service.read(copy)).toContain('9.9.9');
    expect(service.read(lock)).toContain('../other/openapi.yaml');
  });

  test('that was edited is drift, and stays; it is no contract', async () => {
    const service = await alone();
    const git = history(service, copy);
    service.write(copy, newer);
    const living = service.copy({ run: git });
    const { code, out, err } = await living.run('update', '--check');
    expect({ code, text: `${out}${err}` }).toEqual({ code: 1, text: expect.stringContaining(copy) });
    expect((await living.run('update')).code).toBe(0);
    expect(living.read(copy)).toBe(newer);
    expect((await living.run('update', '--check')).code).toBe(1);
  });

  test('that is lost everywhere is asked for at its place', async () => {
    const service = await alone();
    service.remove(copy);
    expect(await service.run('update')).toMatchObject({
      code: 2,
      err: expect.stringContaining('the contract is not there'),
    });
    service.write(place, published);
    expect((await service.run('update', '--restore', copy)).code).toBe(0);
    expect(service.read(copy)).toBe(published);
  });

  test('comes with a client and goes with it', async () => {
    const service = await livingService();
    const before = service.snapshot();
    service.write(place, published);
    expect((await service.run('add', 'client', 'stock', '--protocol', 'rest', '--contract', place)).code).toBe(0);
    expect(service.has(copy)).toBe(true);
    service.remove(place);
    expect((await service.run('remove', 'client', 'stock')).code).toBe(0);
    expect(service.snapshot().filter((line) => !line.includes('lock.yaml'))).toEqual(
      before.filter((line) => !line.includes('lock.yaml')),
    );
  });
});
