import { describe, expect, it } from 'vitest';
import { digest } from '../../src/lock/digest.js';
import { writtenBy } from '../support/template-versions.js';

const lines = (...all: readonly (string | number)[]) => all.map((line) => `${line}\n`).join('');
const old = lines('a', 'b', 'c', 'd', 'e');
const next = lines('a', 'b', 'c', 'd', 'E');

/** The cases in which engines of this kind lose edits or go on as if nothing were: one file, two versions of the templates. */
describe('an update of a file', () => {
  it('that only the person edited leaves the edit', async () => {
    const service = writtenBy({ Makefile: old });
    service.write('Makefile', lines('mine', 'b'));
    const { verdicts } = await service.update({ Makefile: old });
    expect([verdicts.Makefile, service.read('Makefile')]).toEqual(['kept-edited', lines('mine', 'b')]);
  });

  it('that only the templates changed takes the change', async () => {
    const service = writtenBy({ Makefile: old });
    const { verdicts } = await service.update({ Makefile: next });
    expect([verdicts.Makefile, service.read('Makefile')]).toEqual(['update', next]);
  });

  it('that both changed in other places has both', async () => {
    const service = writtenBy({ Makefile: old });
    service.write('Makefile', lines('A', 'b', 'c', 'd', 'e'));
    const { verdicts } = await service.update({ Makefile: next });
    expect([verdicts.Makefile, service.read('Makefile')]).toEqual(['merge', lines('A', 'b', 'c', 'd', 'E')]);
    expect(service.read('.create-service/base/Makefile')).toBe(next);
  });

  it('that both changed in one place shows both and the base, and the lock remembers that it is open', async () => {
    const service = writtenBy({ Makefile: old });
    service.write('Makefile', lines('a', 'b', 'c', 'd', 'mine'));
    const { verdicts, facts } = await service.update({ Makefile: next });
    expect([verdicts.Makefile, facts.conflicts]).toEqual(['conflict', ['Makefile']]);
    expect(service.read('Makefile')).toBe(
      lines(
        'a',
        'b',
        'c',
        'd',
        '<<<<<<< yours',
        'mine',
        '||||||| last render',
        'e',
        '=======',
        'E',
        '>>>>>>> this render',
      ),
    );
    expect(service.read('.create-service/lock.yaml')).toContain('conflicts:\n  "Makefile": open\n');
    await expect(service.update({ Makefile: next })).rejects.toMatchObject({
      exitCode: 1,
      diagnostics: [{ file: 'Makefile', line: 5 }],
    });
    service.write('Makefile', lines('a', 'b', 'c', 'd', 'mine and E'));
    expect((await service.update({ Makefile: next })).verdicts.Makefile).toBe('kept-edited');
    expect(service.read('.create-service/lock.yaml')).not.toContain('conflicts:');
  });

  it('that the templates renamed and the person edited carries the edit to the new name', async () => {
    const service = writtenBy({ 'build/Dockerfile': old });
    service.write('build/Dockerfile', lines('A', 'b', 'c', 'd', 'e'));
    const { operation } = await service.update({ 'package/Dockerfile': next });
    expect(operation('package/Dockerfile')).toMatchObject({ verdict: 'renamed', from: 'build/Dockerfile' });
    expect(service.read('package/Dockerfile')).toBe(lines('A', 'b', 'c', 'd', 'E'));
    expect(service.files.status('/srv/build')).toBeUndefined();
    expect((await service.update({ 'package/Dockerfile': next })).verdicts['package/Dockerfile']).toBe('kept-edited');
  });

  it('that the templates renamed, and both edited in one place, shows the conflict at the new name', async () => {
    const service = writtenBy({ Dockerfile: old });
    service.write('Dockerfile', lines('a', 'b', 'c', 'd', 'mine'));
    const { operation } = await service.update({ Containerfile: next });
    expect(operation('Containerfile')).toMatchObject({ verdict: 'conflict', from: 'Dockerfile' });
    expect(service.read('Containerfile')).toContain('<<<<<<< yours\nmine\n');
    expect(service.read('Dockerfile')).toBe('(absent)');
  });

  it('that the templates spell with another case has the new name', async () => {
    const service = writtenBy({ 'docs/readme.md': old });
    service.write('docs/readme.md', lines('A', 'b', 'c', 'd', 'e'));
    await service.update({ 'docs/README.md': next });
    expect(service.files.list('/srv/docs')).toEqual(['README.md']);
    expect(service.read('docs/README.md')).toBe(lines('A', 'b', 'c', 'd', 'E'));
  });

  it('that the templates dropped goes, and stays with a word about it when the person edited it', async () => {
    const service = writtenBy({ a: old, b: old });
    service.write('b', 'mine');
    const { verdicts, operation } = await service.update({});
    expect([verdicts.a, service.read('a')]).toEqual(['removed', '(absent)']);
    expect(operation('b')).toMatchObject({ verdict: 'kept-edited', reason: 'rendered no longer, but edited' });
    expect(service.read('b')).toBe('mine');
  });

  it.each([
    ['nothing changed', old],
    ['the templates changed it', next],
  ])('that the person deleted stays deleted when %s', async (_, text) => {
    const service = writtenBy({ Makefile: old });
    service.files.remove('/srv/Makefile');
    const { verdicts } = await service.update({ Makefile: text });
    expect([verdicts.Makefile, service.read('Makefile')]).toEqual(['skipped-deleted', '(absent)']);
    const back = await service.update({ Makefile: text }, { restore: ['Makefile'] });
    expect([back.verdicts.Makefile, service.read('Makefile')]).toEqual(['create', text]);
  });

  it('that the person moved is followed, now and when it was edited there later', async () => {
    const service = writtenBy({ Makefile: old });
    service.files.makeDirectory('/srv/build');
    service.files.rename('/srv/Makefile', '/srv/build/Makefile');
    const { operation } = await service.update({ Makefile: next });
    expect(operation('build/Makefile')).toMatchObject({ verdict: 'update', renderedAt: 'Makefile' });
    expect([service.read('build/Makefile'), service.read('Makefile')]).toEqual([next, '(absent)']);
    service.write('build/Makefile', lines('A', 'b', 'c', 'd', 'E'));
    const third = lines('a', 'b', 'c', 'D', 'E');
    await service.update({ Makefile: third });
    expect(service.read('build/Makefile')).toBe(lines('A', 'b', 'c', 'D', 'E'));
    service.files.rename('/srv/build/Makefile', '/srv/Makefile');
    expect((await service.update({ Makefile: third })).verdicts.Makefile).toBe('kept-edited');
    expect(service.read('.create-service/lock.yaml')).not.toContain('at:');
  });

  it('that the person spelled with another case is followed', async () => {
    const service = writtenBy({ Makefile: old });
    service.files.rename('/srv/Makefile', '/srv/makefile');
    await service.update({ Makefile: next });
    expect([service.read('makefile'), service.read('Makefile')]).toEqual([next, '(absent)']);
  });

  it('that could have been moved to two places is not followed', async () => {
    const service = writtenBy({ Makefile: old });
    service.files.remove('/srv/Makefile');
    service.write('one', old);
    service.write('two', old);
    expect((await service.update({ Makefile: next })).verdicts).toMatchObject({ Makefile: 'skipped-deleted' });
    expect([service.read('one'), service.read('two')]).toEqual([old, old]);
  });

  it('that is new and where the person has one already shows both', async () => {
    const service = writtenBy({});
    service.write('Makefile', lines('a', 'mine', 'c'));
    const { verdicts } = await service.update({ Makefile: lines('a', 'theirs', 'c') });
    expect(verdicts.Makefile).toBe('conflict');
    expect(service.read('Makefile')).toBe(
      lines('a', '<<<<<<< yours', 'mine', '||||||| last render', '=======', 'theirs', '>>>>>>> this render', 'c'),
    );
    service.write('Makefile', lines('a', 'mine', 'c'));
    expect((await service.update({ Makefile: lines('a', 'theirs', 'c') })).verdicts.Makefile).toBe('kept-edited');
  });

  it('that is new and where the person has the same takes it over', async () => {
    const service = writtenBy({});
    service.write('Makefile', old);
    expect((await service.update({ Makefile: old })).verdicts.Makefile).toBe('unchanged');
    expect((await service.update({ Makefile: next })).verdicts.Makefile).toBe('update');
  });

  it('whose mode alone changed in the templates becomes executable, with the edit in it', async () => {
    const service = writtenBy({ dev: old, run: old });
    service.write('dev', 'mine');
    await service.update({ 'dev!': old, 'run!': old });
    expect(service.files.status('/srv/run')?.mode).toBe(0o755);
    expect([service.files.status('/srv/dev')?.mode, service.read('dev')]).toEqual([0o755, 'mine']);
  });

  it.each([
    ['an edit', lines('A', 'b', 'c', 'd', 'e'), lines('A', 'b', 'c', 'd', 'E')],
    ['no edit', old, next],
  ])('that the person made executable stays so, with %s', async (_, mine, text) => {
    const service = writtenBy({ dev: old });
    service.write('dev', mine);
    service.files.changeMode('/srv/dev', 0o755);
    await service.update({ dev: next });
    expect([service.files.status('/srv/dev')?.mode, service.read('dev')]).toEqual([0o755, text]);
  });

  it('whose lines the person turned to CRLF keeps them', async () => {
    const service = writtenBy({ Makefile: old });
    service.write('Makefile', old.replaceAll('\n', '\r\n'));
    const { verdicts } = await service.update({ Makefile: next });
    expect([verdicts.Makefile, service.read('Makefile')]).toEqual(['merge', next.replaceAll('\n', '\r\n')]);
  });

  it.each(['symlink', 'directory'] as const)(
    'where a %s stands touches neither it nor what is behind it',
    async (kind) => {
      const service = writtenBy({ Makefile: old, other: old });
      service.files.remove('/srv/Makefile');
      if (kind === 'directory') service.files.makeDirectory('/srv/Makefile');
      else service.files.link('/srv/Makefile', '/etc/passwd');
      expect((await service.update({ Makefile: old, other: old })).verdicts.Makefile).toBe('kept-edited');
      const { operation, facts } = await service.update({ Makefile: next, other: next });
      expect(operation('Makefile').reason).toMatch(/is in the way$/);
      expect(facts.conflicts).toEqual(['Makefile']);
      expect(service.files.status('/srv/Makefile')?.kind).toBe(kind);
      expect(service.read('other')).toBe(next);
      expect((await service.update({ Makefile: next, other: next })).verdicts.Makefile).toBe('conflict');
    },
  );

  it('that leads out of the service by a link in its path is refused whole', async () => {
    const service = writtenBy({ 'docs/a': old, other: old });
    service.files.makeDirectory('/outside');
    service.files.remove('/srv/docs/a');
    service.files.removeDirectory('/srv/docs');
    service.files.link('/srv/docs', '/outside');
    const restored = service.update({ 'docs/a': next, other: next }, { restore: ['docs/a'] });
    await expect(restored).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining('leads out') });
    expect([service.read('other'), service.files.list('/outside')]).toEqual([old, []]);
  });

  it('without a line feed at the end is merged and gets none', async () => {
    const service = writtenBy({ Makefile: old });
    service.write('Makefile', 'A\nb\nc\nd\ne');
    await service.update({ Makefile: lines('a', 'b', 'C', 'd', 'e') });
    expect(service.read('Makefile')).toBe('A\nb\nC\nd\ne');
  });

  it('that is not UTF-8 stays byte for byte, and is a conflict when the templates change it', async () => {
    const bytes = Buffer.from([0x61, 0x0a, 0xff, 0xfe, 0x0a]);
    const service = writtenBy({ Makefile: old, other: old });
    service.write('Makefile', bytes);
    expect((await service.update({ Makefile: old, other: old })).verdicts.Makefile).toBe('kept-edited');
    const { operation } = await service.update({ Makefile: next, other: next });
    expect(operation('Makefile')).toMatchObject({ verdict: 'conflict', reason: 'it was edited and is not UTF-8' });
    expect(Buffer.from(service.files.read('/srv/Makefile') ?? '')).toEqual(bytes);
    expect(service.read('other')).toBe(next);
  });

  it('that the person emptied is a file with an edit', async () => {
    const service = writtenBy({ Makefile: old });
    service.write('Makefile', '');
    expect((await service.update({ Makefile: old })).verdicts.Makefile).toBe('kept-edited');
    const { verdicts } = await service.update({ Makefile: next });
    expect(verdicts.Makefile).toBe('conflict');
    expect(service.read('Makefile')).toContain('<<<<<<< yours\n||||||| last render\n');
  });

  it('that is generated and was edited is drift: the edit stays, until it is ejected or restored', async () => {
    const service = writtenBy({ 'wire.gen': 'gen a\n', other: old });
    service.write('wire.gen', 'gen mine\n');
    const same = await service.update({ 'wire.gen': 'gen a\n', other: old });
    expect([same.verdicts['wire.gen'], same.drift]).toEqual(['kept-edited', ['wire.gen']]);
    const { operation, drift } = await service.update({ 'wire.gen': 'gen b\n', other: next });
    expect(operation('wire.gen')).toMatchObject({ verdict: 'conflict', reason: 'a generated file was edited' });
    expect([drift, service.read('wire.gen'), service.read('other')]).toEqual([['wire.gen'], 'gen mine\n', next]);
    await service.update({ 'wire.gen': 'gen b\n', other: next }, { restore: ['wire.gen'] });
    expect(service.read('wire.gen')).toBe('gen b\n');
    expect((await service.update({ 'wire.gen': 'gen b\n', other: next })).drift).toEqual([]);
  });

  it('of people is not touched by new templates, nor joined by new ones', async () => {
    const service = writtenBy({ 'own/a': old, 'own/b': old });
    service.write('own/b', 'mine');
    const { verdicts } = await service.update({ 'own/a': next, 'own/b': next, 'own/c': next });
    expect(verdicts).toMatchObject({ 'own/a': 'unchanged', 'own/b': 'kept-edited' });
    expect([service.read('own/a'), service.read('own/b'), service.read('own/c')]).toEqual([old, 'mine', '(absent)']);
    await service.update({});
    expect(service.read('own/a')).toBe(old);
  });

  it('whose merge base is gone shows every difference, and one whose base was tampered with does too', async () => {
    const service = writtenBy({ a: old, b: old });
    for (const path of ['a', 'b']) service.write(path, lines('A', 'b', 'c', 'd', 'e'));
    service.files.remove('/srv/.create-service/base/a');
    service.write('.create-service/base/b', 'tampered');
    const { verdicts } = await service.update({ a: next, b: next });
    expect(verdicts).toMatchObject({ a: 'conflict', b: 'conflict' });
    expect(service.read('a')).toBe(service.read('b'));
    expect(service.read('a').match(/^<{7}/gm)).toHaveLength(2);
    expect(service.read('.create-service/base/a')).toBe(next);
  });
});

it('twice is the same as once', async () => {
  const service = writtenBy({ a: old, b: old, c: old });
  service.write('a', lines('A', 'b', 'c', 'd', 'e'));
  service.files.remove('/srv/b');
  await service.update({ a: next, b: next, d: next });
  const once = service.snapshot();
  await service.update({ a: next, b: next, d: next });
  expect(service.snapshot()).toEqual(once);
  expect(digest(service.read('a'))).toBe(digest(lines('A', 'b', 'c', 'd', 'E')));
});
