import { basename, join, relative } from 'node:path';
import type { System } from '../../system/system.js';
import { enclosingRepository } from './enclosing-repository.js';

/** Answers to offer. They come from this machine, so they are only ever offered to a person, never taken unasked. */
export interface Presets {
  readonly name: string;
  readonly module: (name: string) => string;
  readonly owner: string;
}

/**
 * Looks at the directory, at the repository around it and at git's configuration.
 *
 * @param directory absolute path of the service; undefined when it will be named after the service
 */
export async function presets(directory: string | undefined, system: System): Promise<Presets> {
  const repository = enclosingRepository(directory ?? system.cwd, system.files);
  const [user, account, remote] = await Promise.all([
    gitSays(['config', '--get', 'user.name'], system),
    gitSays(['config', '--get', 'github.user'], system),
    repository === undefined ? '' : gitSays(['-C', repository, 'remote', 'get-url', 'origin'], system),
  ]);
  const root = moduleOfRemote(remote);
  const prefix = account === '' ? 'example.com' : `github.com/${account}`;
  return {
    name: directory === undefined ? '' : nameOf(directory),
    module: (name) => {
      if (root === undefined || repository === undefined) return `${prefix}/${name}`;
      const below = relative(repository, directory ?? join(system.cwd, name)).replaceAll('\\', '/');
      return below === '' ? root : `${root}/${below}`;
    },
    owner: user,
  };
}

/** Returns the directory's name as a service name: `my_Orders 2` becomes `my-orders-2`. */
export function nameOf(directory: string): string {
  const words =
    basename(directory)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.join('-').replace(/^[\d-]+/, '');
}

/** Returns the module path of a git remote: `github.com/acme/orders` of `git@github.com:acme/orders.git`. */
export function moduleOfRemote(url: string): string | undefined {
  const match = /^(?:(?:https?|ssh|git):\/\/)?(?:[^@/]+@)?([\w.-]+\.[a-z]+)(?::\d+)?[:/]+(.+?)(?:\.git)?\/?$/.exec(url);
  return match ? `${match[1]}/${match[2]}` : undefined;
}

async function gitSays(args: readonly string[], system: System): Promise<string> {
  const result = await system.run('git', args, { cwd: system.cwd, timeoutMs: 5_000 });
  return result === 'not-found' || result.code !== 0 ? '' : result.stdout.trim();
}
