import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/main.js';
import type { run } from '../../src/system/node-run.js';
import { branchFor } from '../../src/update/pull-request/place.js';
import { propose } from '../../src/update/pull-request/propose.js';
import { version } from '../../src/version.js';
import { fakeTerminal } from '../support/fake-terminal.js';
import { branch, pushedService } from '../support/pushed-service.js';
import { catalogOf, type Written } from '../support/template-versions.js';

const old = 'a\nb\nc\nd\ne\n';
const next = 'a\nb\nc\nd\nE\n';

const { root, cwd, git, remote, onBranch, write, commitAndPush, service, withPath, fakeGh, asked, proposal } =
  pushedService();

/** Everything of the person's that an update on a branch may not touch. */
function persons(): readonly string[] {
  const head = [git('rev-parse', 'HEAD', '--symbolic-full-name', 'HEAD'), git('for-each-ref', 'refs/heads')];
  return [
    ...head,
    git('status', '--porcelain', '--ignored'),
    git('ls-files', '--stage'),
    git('worktree', 'list'),
    git('diff'),
  ];
}

describe('on a branch of its own', () => {
  it('pushes one commit on top of what the remote has, and touches nothing of the person', async () => {
    const written = service({ Makefile: old, other: old });
    write('Makefile', 'A\nb\nc\nd\ne\n');
    commitAndPush();
    const before = persons();
    const { state, text } = await proposal(written, { Makefile: next, other: old });
    expect(state).toBe('pushed');
    expect(persons()).toEqual(before);
    expect(onBranch('Makefile')).toBe('A\nb\nc\nd\nE\n');
    expect(remote('rev-parse', `${branch}^`)).toBe(git('rev-parse', 'HEAD'));
    expect(remote('log', '-1', '--format=%an%n%s', branch)).toBe('Ada\nBring orders to its manifest\n');
    expect(text.body).toContain('## Merged with your edits\n- `Makefile`');
    expect(remote('diff', '--name-only', 'main', branch).split('\n').sort()).toEqual([
      '',
      'services/orders/.create-service/base/Makefile',
      'services/orders/.create-service/lock.yaml',
      'services/orders/Makefile',
    ]);
  });

  it('pushes nothing when there is nothing to do', async () => {
    const written = service({ Makefile: old });
    expect(await proposal(written, { Makefile: old })).toMatchObject({ state: 'none' });
    expect(remote('branch', '--list', branch)).toBe('');
  });

  it('only shows what it would push', async () => {
    const written = service({ Makefile: old });
    const { state, text } = await proposal(written, { Makefile: next }, true);
    expect({ state, title: text.title }).toEqual({ state: 'shown', title: 'Bring orders to its manifest' });
    expect(remote('branch', '--list', branch)).toBe('');
  });

  it('pushes a conflict with its markers, and says what a person has to do', async () => {
    const written = service({ Makefile: old });
    write('Makefile', 'a\nb\nc\nd\nmine\n');
    commitAndPush();
    const { text, update } = await proposal(written, { Makefile: next });
    expect(update.facts.conflicts).toEqual(['Makefile']);
    expect(onBranch('Makefile')).toContain('<<<<<<<');
    expect(onBranch('.create-service/lock.yaml')).toContain('conflicts:\n  "Makefile": open');
    expect(text.body).toContain('- [ ] Resolve 1 conflict.');
    expect(text.body).toMatch(/## Conflicts\n- `Makefile`: .+/);
    expect(text.body).toContain(`git fetch origin && git switch ${branch}`);
  });

  it('works in a clone that has nothing but the last commit, twice', async () => {
    const written = service({ Makefile: old, other: old });
    for (const version of [next, `${next}f\n`]) {
      const clone = path.join(root(), `shallow-${version.length}`);
      git('clone', '--quiet', '--depth', '1', `file://${path.join(root(), 'origin.git')}`, clone);
      execFileSync('git', ['-C', clone, 'config', 'user.name', 'Bot']);
      execFileSync('git', ['-C', clone, 'config', 'user.email', 'bot@example.com']);
      const system = { ...written.system, cwd: path.join(clone, 'services/orders') };
      const { state } = await propose(catalogOf({ Makefile: version, other: old }), {}, false, system);
      expect(state).toBe('pushed');
      write('other', `${version}mine\n`);
      commitAndPush();
    }
    expect(onBranch('Makefile')).toBe(`${next}f\n`);
    expect(remote('log', '--format=%an', branch).match(/Bot/g)).toHaveLength(2);
  });
});

describe('where the branch exists', () => {
  it('adds to it when the base moved or the templates did, and keeps what was there', async () => {
    const written = service({ Makefile: old, other: old });
    await proposal(written, { Makefile: next, other: old });
    const first = remote('rev-parse', branch).trim();
    write('README', 'mine\n');
    commitAndPush();
    await proposal(written, { Makefile: next, other: next });
    expect(remote('rev-parse', `${branch}^1`, `${branch}^2`)).toBe(`${first}\n${git('rev-parse', 'HEAD')}`);
    expect([onBranch('README'), onBranch('other')]).toEqual(['mine\n', next]);
    await proposal(written, { Makefile: next, other: old });
    expect(remote('diff', '--name-only', `main...${branch}`)).not.toContain('other');
    expect(remote('rev-list', '--count', '--no-merges', `main..${branch}`).trim()).toBe('2');
  });

  it('adds nothing when it holds the update already', async () => {
    const written = service({ Makefile: old });
    await proposal(written, { Makefile: next });
    const first = remote('rev-parse', branch);
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'pushed' });
    expect(remote('rev-parse', branch)).toBe(first);
  });

  it.each([
    ['on top', () => git('commit', '--quiet', '--all', '--message', 'resolved')],
    ['instead', () => git('commit', '--quiet', '--all', '--amend', '--no-edit')],
  ])('leaves it alone when somebody committed %s', async (_, commit) => {
    const written = service({ Makefile: old });
    await proposal(written, { Makefile: next });
    git('fetch', '--quiet');
    git('switch', '--quiet', branch);
    write('Makefile', 'by hand\n');
    commit();
    git('push', '--quiet', '--force');
    const theirs = git('rev-parse', 'HEAD');
    git('switch', '--quiet', 'main');
    expect(await proposal(written, { Makefile: `${next}f\n` })).toMatchObject({ state: 'left' });
    expect(remote('rev-parse', branch)).toBe(theirs);
  });

  it('is never forced: what somebody pushes in the meantime stays', async () => {
    const written = service({ Makefile: old });
    const theirs = git('commit-tree', 'HEAD^{tree}', '-m', 'elsewhere').trim();
    const racing: typeof run = (command, args, options) => {
      if (args[0] === 'push') git('push', '--quiet', 'origin', `${theirs}:refs/heads/${branch}`);
      return withPath(command, args, options);
    };
    const system = { ...written.system, run: racing };
    await expect(propose(catalogOf({ Makefile: next }), {}, false, system)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining(`cannot push ${branch} to origin`),
    });
    expect(remote('rev-parse', branch).trim()).toBe(theirs);
  });
});

describe('with gh', () => {
  it('opens a pull request with the text of the plan', async () => {
    fakeGh();
    const written = service({ Makefile: old });
    const { state, url, text } = await proposal(written, { Makefile: next });
    expect({ state, url }).toEqual({ state: 'opened', url: 'https://forge/pull/1' });
    expect(asked()).toContain(
      `pr create --head ${branch} --base main --title Bring orders to its manifest --body-file -\n`,
    );
    expect(asked()).toContain(text.body);
  });

  it('gives the open one its new text, and looks at no fork', async () => {
    const mine = { number: 7, url: 'https://forge/pull/7', isDraft: false, isCrossRepository: false, state: 'OPEN' };
    fakeGh([{ ...mine, number: 6, isCrossRepository: true }, mine]);
    const written = service({ Makefile: old });
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'updated', url: mine.url });
    expect(asked()).toContain('pr edit 7 --title Bring orders to its manifest --body-file -\n');
    expect(asked()).not.toContain('pr create');
    expect(asked()).not.toContain('pr ready');
  });

  it('does not offer a version again that somebody declined, but what the manifest asks for', async () => {
    const title = `Update orders to create-service ${version}`;
    const closed = { number: 7, url: 'u', isDraft: false, isCrossRepository: false, state: 'CLOSED', title };
    fakeGh([closed, { ...closed, title: 'Bring orders to its manifest' }]);
    const written = service({ Makefile: old });
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'opened' });
    const lock = readFileSync(path.join(cwd(), '.create-service/lock.yaml'), 'utf8');
    write('.create-service/lock.yaml', lock.replace(`tool: ${version}`, 'tool: 0.0.1'));
    commitAndPush();
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'declined', url: 'u' });
    fakeGh([{ ...closed, state: 'MERGED' }]);
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'opened' });
  });

  it('makes one with conflicts a draft', async () => {
    const written = service({ Makefile: old });
    write('Makefile', 'a\nb\nc\nd\nmine\n');
    commitAndPush();
    fakeGh();
    await proposal(written, { Makefile: next });
    expect(asked()).toMatch(/^pr create .* --draft$/m);
    fakeGh([{ number: 7, url: 'u', isDraft: false, isCrossRepository: false, state: 'OPEN' }]);
    await proposal(written, { Makefile: next });
    expect(asked()).toContain('pr ready 7 --undo');
  });

  it('says that the branch is pushed when gh fails, and goes on with the next run', async () => {
    fakeGh([], 'GraphQL: not permitted');
    const written = service({ Makefile: old });
    await expect(proposal(written, { Makefile: next })).rejects.toMatchObject({
      exitCode: 3,
      message: `${branch} is pushed, but gh pr create failed: GraphQL: not permitted`,
    });
    fakeGh();
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'opened' });
  });

  it('does without it where gh knows no place of the repository', async () => {
    const written = service({ Makefile: old });
    writeFileSync(
      path.join(root(), 'bin/gh'),
      '#!/bin/sh\necho "no remote points to a known GitHub host" >&2; exit 1\n',
    );
    chmodSync(path.join(root(), 'bin/gh'), 0o755);
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'pushed' });
  });
});

describe('refuses, with nothing changed,', () => {
  async function refusal(written: Written): Promise<unknown> {
    const before = [persons(), remote('for-each-ref')];
    const failure = await proposal(written, { Makefile: next }).catch((error: unknown) => error);
    expect([persons(), remote('for-each-ref')]).toEqual(before);
    return failure;
  }

  it('what is not committed, by name', async () => {
    const written = service({ Makefile: old });
    write('Makefile', 'mine\n');
    write('new', 'mine\n');
    expect(await refusal(written)).toMatchObject({ exitCode: 3, diagnostics: [{ file: 'Makefile' }, { file: 'new' }] });
  });

  it('commits that the remote does not have', async () => {
    const written = service({ Makefile: old });
    git('commit', '--quiet', '--allow-empty', '--message', 'mine');
    expect(await refusal(written)).toMatchObject({ exitCode: 3, message: 'main is not what origin has' });
  });

  it('a branch that the remote does not have', async () => {
    const written = service({ Makefile: old });
    git('switch', '--quiet', '--create', 'feature', '--no-track');
    expect(await refusal(written)).toMatchObject({ exitCode: 3, message: 'origin has no branch feature' });
  });

  it('a repository without a remote, and one that cannot be reached', async () => {
    const written = service({ Makefile: old });
    git('remote', 'set-url', 'origin', `file://${root()}/nowhere`);
    expect(await refusal(written)).toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('cannot reach origin'),
    });
    git('remote', 'remove', 'origin');
    expect(await refusal(written)).toMatchObject({ exitCode: 3, message: 'there is no remote to push to' });
  });

  it('without an author', async () => {
    const written = service({ Makefile: old });
    for (const name of ['user.name', 'user.email']) git('config', '--unset', name);
    const nobody: typeof run = (command, args, options) =>
      withPath(command, args, {
        ...options,
        env: { ...options.env, HOME: root(), GIT_CONFIG_NOSYSTEM: '1', XDG_CONFIG_HOME: root() },
      });
    expect(await refusal({ ...written, system: { ...written.system, run: nobody } })).toMatchObject({
      exitCode: 3,
      hint: 'git config user.name and user.email say who the author is',
    });
  });

  it('no repository at all', async () => {
    const written = service({ Makefile: old });
    rmSync(path.join(root(), 'clone/.git'), { recursive: true });
    await expect(proposal(written, { Makefile: next })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('a pull request needs a git repository'),
    });
  });
});

it('takes the default branch where none is checked out, as CI does', async () => {
  const written = service({ Makefile: old });
  git('checkout', '--quiet', '--detach');
  expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'pushed', base: 'main' });
});

it('has a branch of its own for each branch that is updated', async () => {
  const written = service({ Makefile: old });
  await proposal(written, { Makefile: next });
  git('switch', '--quiet', '--create', 'release/1.x');
  git('push', '--quiet', '--set-upstream', 'origin', 'release/1.x');
  const { base, branch: other } = await proposal(written, { Makefile: next });
  expect({ base, other }).toEqual({
    base: 'release/1.x',
    other: 'create-service/update-onto/release/1.x-in/services/orders',
  });
  expect(remote('rev-list', '--count', `main..${branch}`)).toBe('1\n');
  git('fetch', '--quiet');
  git('switch', '--quiet', other);
  await expect(proposal(written, { Makefile: next })).rejects.toMatchObject({
    exitCode: 3,
    message: `${other} is checked out, the branch of a pull request itself`,
  });
});

it.each(['', 'a/', 'a b/ä~^:?*[/', '.hidden/..x./', 'x.lock/y.lock/', 'a..b/'])(
  'git takes the branch of a service in %j',
  (folder) => {
    const name = branchFor(folder, 'release/1.x');
    expect(git('check-ref-format', '--branch', name).trim()).toBe(name);
  },
);

it('is a command: text on standard output, words on standard error, 1 with conflicts', async () => {
  const written = service({ Makefile: old });
  const terminal = fakeTerminal();
  // Today's templates of the product have nothing of this service's files but the manifest's.
  const code = await main(['update', '--pr', '--json'], { ...written.system, terminal });
  expect({ code, said: terminal.said() }).toEqual({
    code: 0,
    said: expect.stringContaining(`The update is at origin, on ${branch}.`),
  });
  expect(JSON.parse(terminal.written())).toMatchObject({
    exitCode: 0,
    pullRequest: { state: 'pushed', branch, base: 'main', body: expect.stringContaining('| create |') },
  });
});
