import { describe, expect, test } from 'vitest';
import { jsonSchema } from '../../src/manifest/json-schema.js';
import { runCli } from '../support/run-cli.js';

describe('list', () => {
  test('says what each component is and what turns it on', async () => {
    const { code, out, err } = await runCli(['list']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^rest {2}.+\n {4}turned on by api\.rest$/m);
    expect(out).toMatch(/^service {2}.+\n {4}always there$/m);
  });

  test('--json has the same as data', async () => {
    const { out } = await runCli(['list', '--json']);
    expect(JSON.parse(out).components).toContainEqual(
      expect.objectContaining({ name: 'mysql', activeWhen: 'stores.mysql', provides: ['mysql'] }),
    );
  });
});

describe('schema', () => {
  const text = `${JSON.stringify(jsonSchema(), undefined, 2)}\n`;

  test('prints the JSON Schema', async () => {
    expect(await runCli(['schema'])).toMatchObject({ code: 0, out: text, err: '' });
  });

  test('--out writes it, over an earlier one, and leaves nothing else', async () => {
    const { code, out, files } = await runCli(['schema', '--out', 'schema.json'], {
      files: { '/srv/schema.json': 'old' },
    });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(Buffer.from(files.read('/srv/schema.json') ?? '').toString()).toBe(text);
    expect(files.list('/srv')).toEqual(['.keep', 'schema.json']);
  });

  test('--out refuses a directory', async () => {
    const { code, err } = await runCli(['schema', '--out', '.']);
    expect(code).toBe(2);
    expect(err).toContain('--out: . is a directory');
  });
});
