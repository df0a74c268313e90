import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { branch, pushedService } from '../support/pushed-service.js';
import { smallest, type Version, type Written } from '../support/template-versions.js';

const old = 'a\nb\nc\nd\ne\n';
const next = 'a\nb\nc\nd\nE\n';
const { root, remote, onBranch, write, commitAndPush, service, fakeGh, proposal } = pushedService();

describe('on GitLab', () => {
  const isAsked = (extra = '') => {
    remote('config', 'receive.advertisePushOptions', 'true');
    const hook = path.join(root(), 'origin.git/hooks/pre-receive');
    const log = path.join(root(), 'options.log');
    writeFileSync(hook, `#!/bin/sh\nenv | grep '^GIT_PUSH_OPTION_[0-9]' | sort > '${log}'\n${extra}`);
    chmodSync(hook, 0o755);
  };
  const options = () =>
    readFileSync(path.join(root(), 'options.log'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\w+=/, ''));

  function gitlabService(files: Version): Written {
    const written = service(files);
    write('service.yaml', `${smallest}ci: gitlab\n`);
    commitAndPush();
    return written;
  }

  it('asks for a merge request with the push, and for nothing of gh', async () => {
    fakeGh();
    const written = gitlabService({ Makefile: old });
    const url = 'https://gitlab.example/acme/orders/-/merge_requests/7';
    isAsked(`echo 'View merge request for ${branch}:'; echo '  ${url}'\n`);
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'opened', url });
    expect(options()).toEqual([
      'merge_request.create',
      'merge_request.target=main',
      'merge_request.title=Bring orders to its manifest',
      'merge_request.remove_source_branch',
    ]);
    expect(existsSync(path.join(root(), 'gh.log'))).toBe(false);
  });

  it('makes one with conflicts a draft, and says so where only the form is offered', async () => {
    const written = gitlabService({ Makefile: old });
    write('Makefile', 'a\nb\nc\nd\nmine\n');
    commitAndPush();
    const form = 'https://gitlab.example/acme/orders/-/merge_requests/new?x=1';
    isAsked(`echo 'To create a merge request, visit:'; echo '  ${form}'\n`);
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'pushed', url: form });
    expect(options()).toContain('merge_request.draft');
  });

  it('pushes without the options where the remote does not know them', async () => {
    const written = gitlabService({ Makefile: old });
    expect(await proposal(written, { Makefile: next })).toMatchObject({ state: 'pushed' });
    expect(onBranch('Makefile')).toBe(next);
  });
});
