import { describe, expect, it } from 'vitest';
import { aTree, lockFacts, planOf } from '../../test/support/plans.js';
import { parseLock } from '../lock/parse-lock.js';
import { memoryFiles } from '../system/memory-files.js';
import { type MemorySystem, memorySystem } from '../system/memory-system.js';
import { apply } from './apply.js';

const nothing = aTree({});
const first = aTree({ 'go.mod': 'module a\n', 'cmd/a/main.go': 'package main\n', 'scripts/dev!': 'make dev\n' });

function here(files: Readonly<Record<string, string>> = {}): MemorySystem {
  const system = memorySystem({ files: memoryFiles(files) });
  if (!system.files.status('/srv')) system.files.makeDirectory('/srv');
  return system;
}

function create(system: MemorySystem, directory: string, tree = first) {
  return apply(planOf(directory, nothing, tree, system), lockFacts, directory, system);
}

function service(system: MemorySystem, directory: string): readonly string[] {
  return system.files.snapshot(directory).filter((line) => !line.includes('.create-service'));
}

describe('apply', () => {
  it.each(['orders', 'deep/down/orders', '/elsewhere/orders'])('makes the directory %s', (directory) => {
    const system = here({ '/elsewhere/x': '' });
    const receipt = create(system, directory);
    expect(receipt.created).toEqual(['cmd/a/main.go', 'go.mod', 'scripts/dev']);
    expect(service(system, receipt.directory)).toEqual([
      '0755 cmd/',
      '0755 cmd/a/',
      '0644 cmd/a/main.go package main\n',
      '0644 go.mod module a\n',
      '0755 scripts/',
      '0755 scripts/dev make dev\n',
    ]);
  });

  it('leaves the same in an empty directory as in a new one', () => {
    const [made, filled] = [here(), here()];
    filled.files.makeDirectory('/srv/orders');
    create(made, 'orders');
    create(filled, 'orders');
    expect(filled.files.snapshot('/')).toEqual(made.files.snapshot('/'));
  });

  it('records each file in the lock, and managed files as merge bases', () => {
    const system = here();
    create(system, 'orders');
    const lock = parseLock(Buffer.from(system.files.read('/srv/orders/.create-service/lock.yaml') ?? []).toString());
    expect(lock).toMatchObject(lockFacts);
    expect(lock.files.map(({ path, mode }) => [path, mode])).toEqual([
      ['cmd/a/main.go', 0o644],
      ['go.mod', 0o644],
      ['scripts/dev', 0o755],
    ]);
    expect(system.files.snapshot('/srv/orders/.create-service/base')).toContain('0644 go.mod module a\n');
  });

  it('changes, removes and makes, and writes nothing else', () => {
    const system = here();
    create(system, 'orders');
    system.files.create('/srv/orders/mine.txt', 'mine', 0o600);
    const next = aTree({ 'go.mod': 'module b\n', 'cmd/b/main.go': 'package main\n', 'scripts/dev!': 'make dev\n' });
    const receipt = apply(planOf('orders', first, next, system), lockFacts, 'orders', system);
    expect(receipt).toMatchObject({ created: ['cmd/b/main.go'], updated: ['go.mod'], removed: ['cmd/a/main.go'] });
    expect(service(system, '/srv/orders')).toEqual([
      '0755 cmd/',
      '0755 cmd/b/',
      '0644 cmd/b/main.go package main\n',
      '0644 go.mod module b\n',
      '0600 mine.txt mine',
      '0755 scripts/',
      '0755 scripts/dev make dev\n',
    ]);
    expect(system.files.snapshot('/srv/orders/.create-service/base/cmd')).toEqual([
      '0755 b/',
      '0644 b/main.go package main\n',
    ]);
  });

  it('writes nothing at all when the disk holds it already', () => {
    const system = here();
    create(system, 'orders');
    const { status, read, list, realPath } = system.files;
    const readOnly = { status, read, list, realPath } as MemorySystem['files'];
    const receipt = apply(planOf('orders', first, first, system), lockFacts, 'orders', { ...system, files: readOnly });
    expect(receipt).toMatchObject({ created: [], updated: [], removed: [] });
  });

  it('keeps the permissions of a file that it replaces', () => {
    const system = here();
    create(system, 'orders');
    system.files.changeMode('/srv/orders/go.mod', 0o660);
    system.files.changeMode('/srv/orders/scripts/dev', 0o700);
    const next = aTree({ 'go.mod!': 'module b\n', 'cmd/a/main.go': 'package main\n', 'scripts/dev': 'make dev\n' });
    apply(planOf('orders', first, next, system), lockFacts, 'orders', system);
    expect(system.files.status('/srv/orders/go.mod')?.mode).toBe(0o770);
    expect(system.files.status('/srv/orders/scripts/dev')?.mode).toBe(0o600);
  });
});

describe('apply refuses, and leaves the tree as it was:', () => {
  it.each([
    ['a different file', { '/srv/orders/go.mod': 'mine' }, /one file would be overwritten/],
    ['a file where a directory is needed', { '/srv/orders/cmd': 'mine' }, /cmd: a file stands where a directory/],
    ['a directory where a file is needed', { '/srv/orders/go.mod/x': 'mine' }, /one file would be overwritten/],
    ['a file as the directory', { '/srv/orders': 'mine' }, /orders is not a directory/],
    ['a file above the directory', { '/srv': 'mine' }, /srv is not a directory/],
  ])('%s', (_, files, message) => {
    const system = memorySystem({ files: memoryFiles(files) });
    const before = system.files.snapshot('/');
    expect(() => create(system, '/srv/orders')).toThrow(
      expect.objectContaining({ exitCode: 3, message: expect.stringMatching(message) }),
    );
    expect(system.files.snapshot('/')).toEqual(before);
  });

  it('every different file is listed, an equal one is taken over', () => {
    const system = here({
      '/srv/orders/go.mod': 'mine',
      '/srv/orders/cmd/a/main.go': 'mine',
      '/srv/orders/scripts/dev': 'make dev\n',
    });
    system.files.changeMode('/srv/orders/scripts/dev', 0o755);
    expect(() => create(system, 'orders')).toThrow(
      expect.objectContaining({
        diagnostics: [expect.objectContaining({ file: 'cmd/a/main.go' }), expect.objectContaining({ file: 'go.mod' })],
      }),
    );
  });

  it('a symbolic link that leads out of the directory', () => {
    const system = here({ '/outside/x': '', '/srv/orders/x': '' });
    system.files.link('/srv/orders/cmd', '/outside');
    const before = system.files.snapshot('/');
    expect(() => create(system, 'orders')).toThrow(/orders\/cmd: it is a symbolic link that leads out/);
    expect(system.files.snapshot('/')).toEqual(before);
  });

  it('a symbolic link that leads into .git', () => {
    const system = here({ '/srv/orders/.git/config': '' });
    system.files.link('/srv/orders/cmd', '.git');
    expect(() => create(system, 'orders')).toThrow(/a symbolic link that leads out/);
  });

  it('a file that changed after the plan was made', () => {
    const system = here();
    create(system, 'orders');
    const next = planOf('orders', first, aTree({ ...entries(first), 'go.mod': 'module b\n' }), system);
    system.files.remove('/srv/orders/go.mod');
    system.files.create('/srv/orders/go.mod', 'mine', 0o644);
    const before = system.files.snapshot('/');
    expect(() => apply(next, lockFacts, 'orders', system)).toThrow(/go.mod: it changed since it was read/);
    expect(system.files.snapshot('/')).toEqual(before);
  });

  it('a file that appeared after the plan was made', () => {
    const system = here({ '/srv/orders/x': '' });
    const made = planOf('orders', nothing, first, system);
    system.files.create('/srv/orders/go.mod', 'mine', 0o644);
    const before = system.files.snapshot('/');
    expect(() => apply(made, lockFacts, 'orders', system)).toThrow(/go.mod: something is there already/);
    expect(system.files.snapshot('/')).toEqual(before);
  });

  it('a directory that appeared after the plan was made, with something in it', () => {
    const system = here();
    const made = planOf('orders', nothing, first, system);
    const { rename } = system.files;
    const late: MemorySystem['files']['rename'] = (from, to) => {
      if (to === '/srv/orders') {
        system.files.makeDirectory('/srv/orders');
        system.files.create('/srv/orders/x', 'mine', 0o644);
      }
      rename(from, to);
    };
    const racing = { ...system, files: { ...system.files, rename: late } };
    expect(() => apply(made, lockFacts, 'orders', racing)).toThrow(/orders: something is there already/);
    expect(system.files.snapshot('/srv')).toEqual(['0755 orders/', '0644 orders/x mine']);
  });

  it.each(['../x', 'a/../../x', '/x', '.git/hooks/post-checkout', 'a/.GIT/config', 'a//b', 'a\\b'])(
    'the path %s',
    (path) => {
      const system = here({ '/srv/orders/x': '' });
      const before = system.files.snapshot('/');
      expect(() => create(system, 'orders', aTree({ [path]: 'x' }))).toThrow(expect.objectContaining({ exitCode: 3 }));
      expect(() => create(system, 'billing', aTree({ [path]: 'x' }))).toThrow(expect.objectContaining({ exitCode: 3 }));
      expect(system.files.snapshot('/')).toEqual(before);
    },
  );
});

it('follows a symbolic link that stays in the directory, and one to the directory', () => {
  const system = here({ '/srv/real/commands/x': 'x' });
  system.files.link('/srv/orders', 'real');
  system.files.link('/srv/real/cmd', 'commands');
  const receipt = create(system, 'orders');
  expect(receipt.directory).toBe('/srv/real');
  expect(system.files.snapshot('/srv/real/commands')).toEqual(['0755 a/', '0644 a/main.go package main\n', '0644 x x']);
});

function entries(tree: typeof first): Record<string, string> {
  return Object.fromEntries(tree.entries.map(({ path, body, mode }) => [mode === 0o755 ? `${path}!` : path, body]));
}
