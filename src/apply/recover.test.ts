import { describe, expect, it } from 'vitest';
import { faultyFiles, Killed } from '../../test/support/faulty-files.js';
import { aTree, lockFacts, planOf } from '../../test/support/plans.js';
import { type MemoryFiles, memoryFiles } from '../system/memory-files.js';
import { type MemorySystem, memorySystem } from '../system/memory-system.js';
import { apply } from './apply.js';
import { recover } from './recover.js';

const nothing = aTree({});
const first = aTree({ a: 'a', b: 'b', 'gone/c': 'c' });
const second = aTree({ a: 'a2', b: 'b2', d: 'd' });
const folder = '/srv/orders/.create-service-transaction';

/** A service whose update from first to second was killed right after a call. */
function killedAfter(call: string): MemorySystem {
  const system = memorySystem({ files: memoryFiles({ '/srv/x': 'x' }) });
  apply(planOf('orders', nothing, first, system), lockFacts, 'orders', system);
  const { calls } = trace(system.files.copy(), -1);
  trace(system.files, calls.indexOf(call));
  return memorySystem({
    files: system.files,
    processes: { self: () => ({ host: 'here', pid: 2, start: 's2' }), isAlive: ({ pid }) => pid === 2 },
  });
}

function trace(disk: MemoryFiles, number: number): { readonly calls: readonly string[] } {
  const { files, calls } = faultyFiles(disk, number, { kind: 'killed', when: 'after' });
  const system = memorySystem({ files: files as MemoryFiles });
  try {
    apply(planOf('orders', first, second, system), lockFacts, 'orders', system);
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  return { calls };
}

const text = (system: MemorySystem, path: string) => system.files.read(`/srv/orders/${path}`)?.toString();
const overwrite = ({ files }: MemorySystem, path: string, body: string) => {
  if (files.status(`/srv/orders/${path}`)) files.remove(`/srv/orders/${path}`);
  files.create(`/srv/orders/${path}`, body, 0o644);
};

const committed = `rename ${folder}/journal ${folder}/commit`;
const halfDone = `rename ${folder}/staged/0 /srv/orders/a`;
const turnedRound = (system: MemorySystem) => system.files.rename(`${folder}/commit`, `${folder}/rollback`);

describe('recover', () => {
  it('does nothing where nothing was left behind', () => {
    const system = memorySystem({ files: memoryFiles({ '/srv/orders/x': 'x' }) });
    expect(recover('orders', system)).toEqual({ outcome: 'none', kept: [] });
    expect(recover('not/there', system)).toEqual({ outcome: 'none', kept: [] });
  });

  it.each([
    ['before the journal', `create ${folder}/journal`, 'rolled-back', ['a', 'b', 'c', undefined]],
    ['after the journal', committed, 'completed', ['a2', 'b2', undefined, 'd']],
    ['in the middle of the renames', halfDone, 'completed', ['a2', 'b2', undefined, 'd']],
  ])('says what it did after a kill %s', (_, call, outcome, texts) => {
    const system = killedAfter(call);
    expect(recover('orders', system)).toEqual({ outcome, kept: [] });
    expect(['a', 'b', 'gone/c', 'd'].map((path) => text(system, path))).toEqual(texts);
    expect(recover('orders', system)).toEqual({ outcome: 'none', kept: [] });
  });

  it('puts aside what somebody wrote since the kill, when going forward', () => {
    const system = killedAfter(halfDone);
    overwrite(system, 'a', 'mine a');
    overwrite(system, 'b', 'mine b');
    overwrite(system, 'd', 'mine d');
    expect(recover('orders', system).kept).toEqual(['/srv/orders/b.kept', '/srv/orders/d.kept']);
    expect(['a', 'b', 'd', 'b.kept', 'd.kept'].map((path) => text(system, path))).toEqual([
      'mine a',
      'b2',
      'd',
      'mine b',
      'mine d',
    ]);
  });

  it('puts aside what somebody wrote since the kill, when going back', () => {
    const system = killedAfter(halfDone);
    turnedRound(system);
    overwrite(system, 'a', 'mine a');
    overwrite(system, 'b', 'mine b');
    overwrite(system, 'a.kept', 'mine too');
    expect(recover('orders', system)).toEqual({ outcome: 'rolled-back', kept: ['/srv/orders/a.kept-2'] });
    expect(['a', 'b', 'a.kept', 'a.kept-2'].map((path) => text(system, path))).toEqual([
      'a',
      'mine b',
      'mine too',
      'mine a',
    ]);
  });

  it('keeps the old content and what somebody wrote since the kill, when going forward is refused', () => {
    const system = killedAfter(`rename /srv/orders/a ${folder}/saved/0`);
    overwrite(system, 'a', 'mine a');
    const { rename } = system.files;
    const refusing: MemoryFiles['rename'] = (from, to) => {
      if (to === '/srv/orders/b') throw Object.assign(new Error(), { code: 'EIO', syscall: 'rename', path: from });
      rename(from, to);
    };
    expect(() => recover('orders', { ...system, files: { ...system.files, rename: refusing } })).toThrow(
      /the disk failed/,
    );
    recover('orders', system);
    expect(['a', 'b', 'a.kept'].map((path) => text(system, path))).toEqual(['a', 'b', 'mine a']);
  });

  it('goes back when a staged file lost its content in a power cut', () => {
    const system = killedAfter(committed);
    system.files.remove(`${folder}/staged/1`);
    system.files.create(`${folder}/staged/1`, '', 0o644);
    expect(recover('orders', system).outcome).toBe('rolled-back');
    expect(['a', 'b', 'gone/c', 'd'].map((path) => text(system, path))).toEqual(['a', 'b', 'c', undefined]);
  });

  it.each([
    ['no JSON', '{'],
    ['a path outside', '{"made":[],"emptied":[],"entries":[{"path":"../x","before":null,"after":null}]}'],
    ['a hook of git', '{"made":[],"emptied":[],"entries":[{"path":".git/hooks/x","before":null,"after":null}]}'],
    ['a folder outside', '{"made":["/etc"],"emptied":[],"entries":[]}'],
    ['no digest', '{"made":[],"emptied":[],"entries":[{"path":"a","before":"x","after":null}]}'],
  ])('refuses a journal with %s, and changes nothing', (_, journal) => {
    const system = killedAfter(committed);
    overwrite(system, '.create-service-transaction/commit', journal);
    expect(() => recover('orders', system)).toThrow(
      expect.objectContaining({ exitCode: 3, message: expect.stringContaining('is damaged') }),
    );
    expect(['a', 'b', 'gone/c', 'd'].map((path) => text(system, path))).toEqual(['a', 'b', 'c', undefined]);
  });

  it('refuses to follow a parent that became a link out of the service', () => {
    const system = killedAfter(committed);
    system.files.rename('/srv/orders/gone', '/srv/gone');
    system.files.link('/srv/orders/gone', '/srv/gone');
    expect(() => recover('orders', system)).toThrow(/symbolic link that leads out/);
    expect(system.files.snapshot('/srv/gone')).toEqual(['0644 c c']);
  });

  it('follows no journal beside the service, where anybody may have put it', () => {
    const entries = [{ path: 'private/secret', before: null, after: null }];
    const system = memorySystem({
      files: memoryFiles({
        '/tmp/private/secret': 'secret',
        '/tmp/.orders.create-service-transaction/commit': JSON.stringify({ made: [], emptied: [], entries }),
        '/tmp/.orders.create-service-transaction/saved/x': 'x',
        '/tmp/orders/a': 'a',
      }),
    });
    recover('/tmp/orders', system);
    expect(system.files.snapshot('/tmp')).toEqual([
      '0755 orders/',
      '0644 orders/a a',
      '0755 private/',
      '0644 private/secret secret',
    ]);
  });

  it.each(['/srv/orders', '/srv'])('refuses a folder in %s that is a link', (directory) => {
    const files = memoryFiles({ '/srv/orders/a': 'a', '/home/x': 'x' });
    files.link(directory === '/srv' ? '/srv/.orders.create-service-transaction' : `${folder}`, '/home');
    const before = files.snapshot('/');
    expect(() => recover('/srv/orders', memorySystem({ files }))).toThrow(expect.objectContaining({ exitCode: 3 }));
    expect(files.snapshot('/')).toEqual(before);
  });

  it('keeps out while the other run is alive', () => {
    const { files } = killedAfter(committed);
    const alive = memorySystem({
      files,
      processes: { self: () => ({ host: 'here', pid: 3, start: '' }), isAlive: () => true },
    });
    const before = files.snapshot('/');
    expect(() => recover('orders', alive)).toThrow(/another create-service is at work in \/srv\/orders/);
    expect(files.snapshot('/')).toEqual(before);
  });
});
