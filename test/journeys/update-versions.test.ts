import { describe, expect, it } from 'vitest';
import { catalogOf, smallest, type Written, writtenBy } from '../support/template-versions.js';

const lines = (...texts: readonly string[]) => texts.map((text) => `${text}\n`).join('');
const renamesTo = (to: string) => ({ 'migrations/0.2.0/renames.yaml': `Dockerfile: ${to}\n` });

describe('a later version of the templates', () => {
  it('takes edits along where it says that it put a file, however little is left of its text', async () => {
    const service = writtenBy({ Dockerfile: lines('a', 'b', 'c', 'd'), Makefile: 'x\n' });
    service.write('Dockerfile', lines('mine', 'a', 'b', 'c', 'd'));
    const next = { 'build/image.txt': lines('a', 'w', 'x', 'y', 'z', 'v'), Makefile: 'x\n' };
    const { operation } = await service.update({ ...next, ...renamesTo('build/image.txt') });
    expect(operation('build/image.txt')).toMatchObject({ verdict: 'renamed', from: 'Dockerfile' });
    expect(service.read('build/image.txt')).toBe(lines('mine', 'a', 'w', 'x', 'y', 'z', 'v'));
    expect(service.read('Dockerfile')).toBe('(absent)');
  });

  it('without a word of it leaves them behind, and says so', async () => {
    const service = writtenBy({ Dockerfile: lines('a', 'b', 'c', 'd') });
    service.write('Dockerfile', lines('mine', 'a', 'b', 'c', 'd'));
    const { verdicts } = await service.update({ 'build/image.txt': lines('a', 'w', 'x', 'y', 'z', 'v') });
    expect(verdicts).toMatchObject({ Dockerfile: 'kept-edited', 'build/image.txt': 'create' });
  });

  it('follows a file over two versions', async () => {
    const service = writtenBy({ a: lines('1', '2') });
    service.write('a', lines('1', '2', 'mine'));
    const { operation } = await service.update({
      c: lines('3', '4', '5'),
      'migrations/0.3.0/renames.yaml': 'b: c\n',
      'migrations/0.2.0/renames.yaml': 'a: b\n',
    });
    expect(operation('c')).toMatchObject({ from: 'a' });
  });
});

describe('a file of people, in a service of earlier templates, that a change of the manifest reaches', () => {
  const flat = lines('scopes {', '  {{owner}}', '}');
  const nested = lines('scopes {', '  {{owner}} and', '  {{owner}}s() {', '    {{owner}}', '  }', '}');
  const owned = (by: string) => smallest.replace('owner: me', `owner: ${by}`);

  it('is rendered anew where the change does not fit, when nobody edited it', async () => {
    const service = writtenBy({ 'own/a.hbs': flat });
    service.write('service.yaml', owned('them'));
    const { verdicts } = await service.update({ 'own/a.hbs': nested });
    expect(verdicts).toMatchObject({ 'own/a': 'update' });
    expect(service.read('own/a')).toBe(nested.replaceAll('{{owner}}', 'them'));
  });

  it('is a conflict there, when somebody did', async () => {
    const service = writtenBy({ 'own/a.hbs': flat });
    service.write('own/a', lines('scopes {', '  me', '  mine', '}'));
    service.write('service.yaml', owned('them'));
    const { verdicts } = await service.update({ 'own/a.hbs': nested });
    expect(verdicts).toMatchObject({ 'own/a': 'conflict' });
    expect(service.read('own/a')).toContain('  mine\n');
  });

  it('gets the change alone where it fits, and is still nobody’s edit afterwards', async () => {
    const service = writtenBy({ 'own/a.hbs': lines('one', '{{owner}}', 'two', 'three', 'four') });
    service.write('service.yaml', owned('them'));
    const second = { 'own/a.hbs': lines('one', '{{owner}}', 'two', 'three', 'FOUR') };
    expect((await service.update(second)).verdicts).toMatchObject({ 'own/a': 'merge' });
    expect(service.read('own/a')).toBe(lines('one', 'them', 'two', 'three', 'four'));
    service.write('service.yaml', owned('us'));
    expect((await service.update({ 'own/a.hbs': nested })).verdicts).toMatchObject({ 'own/a': 'update' });
    expect(service.read('own/a')).toBe(nested.replaceAll('{{owner}}', 'us'));
  });
});

describe('a manifest of an earlier version', () => {
  const upgrades = lines(
    '- { set: apiVersion, value: create-service/v1 }',
    '- { rename: team, to: owner }',
    '- { remove: colour }',
    '- { set: tier, value: standard }',
  );
  const next = { Makefile: 'x\n', 'migrations/0.2.0/manifest.yaml': upgrades };
  const old = lines(
    '# Ours.',
    'apiVersion: create-service/v0 # the first',
    'name: orders',
    'colour: red',
    'module: github.com/acme/orders',
    'team: me # since March',
  );

  function begun(): Written {
    const service = writtenBy({ Makefile: 'x\n' });
    const lock = service.read('.create-service/lock.yaml');
    const indented = (text: string) => text.replace(/^(?=.)/gm, '  ');
    service.write('.create-service/lock.yaml', lock.replace(indented(smallest), indented(old)));
    service.write('service.yaml', old);
    return service;
  }

  it('is upgraded where it is, with its comments and its order', async () => {
    const service = begun();
    const { notes, drift } = await service.update(next);
    expect(service.read('service.yaml')).toBe(
      lines(
        '# Ours.',
        'apiVersion: create-service/v1 # the first',
        'name: orders',
        'module: github.com/acme/orders',
        'owner: me # since March',
        'tier: standard',
      ),
    );
    expect(drift).toEqual(['service.yaml']);
    expect(notes).toEqual([
      'service.yaml is brought to this version: apiVersion is "create-service/v1".',
      'service.yaml is brought to this version: team is called owner now.',
      'service.yaml is brought to this version: colour is gone.',
      'service.yaml is brought to this version: tier is "standard".',
    ]);
    expect(await service.update(next)).toMatchObject({ notes: [], drift: [] });
  });
});

it('says where a file of migrations/ is wrong', () => {
  expect(() => catalogOf({ Makefile: 'x\n', 'migrations/0.2.0/manifest.yaml': '- { rename: team }\n' })).toThrow(
    'the templates are not valid',
  );
});
