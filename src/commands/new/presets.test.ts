import { describe, expect, test } from 'vitest';
import { memoryFiles } from '../../system/memory-files.js';
import { memorySystem } from '../../system/memory-system.js';
import type { Run } from '../../system/processes.js';
import { moduleOfRemote, nameOf, presets } from './presets.js';

test.each([
  ['/srv/orders', 'orders'],
  ['/srv/my_Orders 2', 'my-orders-2'],
  ['/srv/2fast', 'fast'],
  ['/srv/.config', 'config'],
  ['/', ''],
])('the directory %s names the service %j', (directory, name) => expect(nameOf(directory)).toBe(name));

test.each([
  ['git@github.com:acme/orders.git', 'github.com/acme/orders'],
  ['https://github.com/acme/orders', 'github.com/acme/orders'],
  ['https://token@gitlab.example.com/group/sub/orders.git/', 'gitlab.example.com/group/sub/orders'],
  ['ssh://git@git.example.com:2222/acme/orders.git', 'git.example.com/acme/orders'],
  ['/srv/git/orders.git', undefined],
  ['', undefined],
])('the remote %j is the module %j', (url, module) => expect(moduleOfRemote(url)).toBe(module));

describe('presets', () => {
  /** A git that answers these questions. */
  function git(answers: Readonly<Record<string, string>>): Run {
    return async (_, args) => {
      const stdout = answers[args.at(-1) ?? ''];
      return { code: stdout === undefined ? 1 : 0, stdout: stdout ?? '', stderr: '' };
    };
  }

  test('inside a repository the module follows from its remote and the path in it', async () => {
    const files = memoryFiles({ '/srv/.git/HEAD': '' });
    const system = memorySystem({ files, run: git({ origin: 'git@github.com:acme/shop.git\n' }) });
    expect((await presets('/srv/services/orders', system)).module('orders')).toBe(
      'github.com/acme/shop/services/orders',
    );
    expect((await presets(undefined, system)).module('orders')).toBe('github.com/acme/shop/orders');
  });

  test('outside of one it follows from the account, and the owner from the user', async () => {
    const system = memorySystem({ run: git({ 'github.user': 'ada\n', 'user.name': 'Ada Lovelace\n' }) });
    const { module, owner } = await presets('/srv/orders', system);
    expect({ module: module('orders'), owner }).toEqual({ module: 'github.com/ada/orders', owner: 'Ada Lovelace' });
  });

  test('without git there is still something to offer', async () => {
    const { name, module, owner } = await presets('/srv/orders', memorySystem({ run: async () => 'not-found' }));
    expect({ name, module: module(name), owner }).toEqual({ name: 'orders', module: 'example.com/orders', owner: '' });
  });
});
