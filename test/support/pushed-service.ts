import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { MemoryFiles } from '../../src/system/memory-files.js';
import { nodeFiles } from '../../src/system/node-files.js';
import { run } from '../../src/system/node-run.js';
import { scratch } from '../../src/system/node-scratch.js';
import { propose } from '../../src/update/pull-request/propose.js';
import { catalogOf, type Version, type Written, writtenBy } from './template-versions.js';

/** The branch of its pull requests. */
export const branch = 'create-service/update-in/services/orders';

/**
 * Gives every test of a file a service in a folder of a real clone of a real bare repository, and what it takes to propose
 * updates of it.
 */
export function pushedService() {
  let root = '';
  let cwd = '';

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'pull-request-'));
    mkdirSync(path.join(root, 'bin'));
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', path.join(root, 'origin.git')]);
    execFileSync('git', ['init', '--quiet', '--initial-branch=main', path.join(root, 'clone')]);
    // A service need not be the whole repository.
    cwd = path.join(root, 'clone/services/orders');
    mkdirSync(cwd, { recursive: true });
    git('config', 'user.name', 'Ada');
    git('config', 'user.email', 'ada@example.com');
    git('remote', 'add', 'origin', `file://${path.join(root, 'origin.git')}`);
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8' });

  const remote = (...args: readonly string[]) => git('-C', path.join(root, 'origin.git'), ...args);

  /** The last commit of the branch, and one file of it, on the remote. */
  const onBranch = (file: string) => remote('show', `${branch}:services/orders/${file}`);

  function write(file: string, text: string): void {
    writeFileSync(path.join(cwd, file), text);
  }

  function commitAndPush(): void {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'x');
    git('push', '--quiet', '--set-upstream', 'origin', 'main');
  }

  function service(files: Version): Written {
    const written = writtenBy(files, { files: nodeFiles() as MemoryFiles, cwd, run: withPath, scratch });
    commitAndPush();
    return written;
  }

  /** Programs of the test come first; of a `gh` of this machine nothing is seen. */
  const withPath: typeof run = (command, args, options) => {
    if (command === 'gh' && !existsSync(path.join(root, 'bin/gh'))) return Promise.resolve('not-found');
    const PATH = `${path.join(root, 'bin')}:${process.env.PATH}`;
    return run(command, args, { ...options, env: { ...options.env, PATH } });
  };

  /** A `gh` that writes down what it is asked, with its standard input, and answers `pr list` with these. */
  function fakeGh(open: readonly object[] = [], failure = ''): void {
    const file = path.join(root, 'bin/gh');
    const log = path.join(root, 'gh.log');
    const fails = failure === '' ? '' : `case "$2" in create) echo '${failure}' >&2; exit 1;; esac\n`;
    const answers = `case "$2" in list) echo '${JSON.stringify(open)}';; create) echo https://forge/pull/1;; esac\n`;
    writeFileSync(file, `#!/bin/sh\n{ echo "$*"; cat; } >> '${log}'\n${fails}${answers}`);
    chmodSync(file, 0o755);
  }

  const asked = () => readFileSync(path.join(root, 'gh.log'), 'utf8');

  const proposal = (written: Written, version: Version, isShown = false) =>
    propose(catalogOf(version), {}, isShown, written.system);

  const place = { root: () => root, cwd: () => cwd };
  return { ...place, git, remote, onBranch, write, commitAndPush, service, withPath, fakeGh, asked, proposal };
}
