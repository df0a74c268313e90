import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { version } from '../../src/version.js';
import { runCli } from '../support/run-cli.js';

const urls = Array.from({ length: 250 }, (_, index) => `https://forge.example/acme/s${index}.git`);

const fleet = (argv: readonly string[], list = `# ours\n${urls.join('\n')}\n`) =>
  runCli(['fleet', ...argv, '--repos', 'lists/all.txt'], { files: { '/srv/lists/all.txt': list } });

describe('GitHub Actions', () => {
  it('gets a matrix with a job for each part, and a token that only one step sees', async () => {
    const { code, out } = await fleet(['github', '--jobs', '3']);
    const { permissions, jobs } = parse(out);
    expect({ code, permissions }).toEqual({ code: 0, permissions: { contents: 'read' } });
    expect(jobs.update.strategy).toEqual({ 'fail-fast': false, matrix: { part: [1, 2, 3] } });
    expect(out.match(/secrets\./g)).toHaveLength(1);
    expect(out).toContain(
      `npx --yes create-service@${version} update --repos lists/all.txt --shard "$PART/3" --jobs 3 --pr --report report.jsonl`,
    );
  });

  it('uses the actions that services use, at the same commit', async () => {
    const ci = new URL('../../templates/service/files/.github/workflows/ci.yaml.hbs', import.meta.url);
    const used = (await fleet(['github'])).out.match(/uses: .*/g) ?? [];
    expect(used).not.toEqual([]);
    for (const line of used) expect(readFileSync(ci, 'utf8')).toContain(line);
  });

  it.each(['/srv/lists/all.txt', './../srv/lists/all.txt'])('refuses a list elsewhere: %s', async (file) => {
    const files = { '/srv/lists/all.txt': 'https://forge.example/a.git\n' };
    const { code, err } = await runCli(['fleet', 'github', '--repos', file], { files });
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('reads the list in its own repository') });
  });
});

describe('Kubernetes', () => {
  it('gets an Indexed Job with a pod for each part, and the list without comments', async () => {
    const { code, out } = await fleet(
      ['kubernetes', '--shards', '8'],
      `# ours\n${urls[0]}\n\n${urls[1]}//services/a\n`,
    );
    const [configMap, job] = parseAllDocuments(out).map((document) => document.toJS());
    expect(code).toBe(0);
    expect(configMap.data['repositories.txt']).toBe(`${urls[0]}\n${urls[1]}//services/a\n`);
    expect(job.spec).toMatchObject({
      completionMode: 'Indexed',
      completions: 8,
      parallelism: 8,
      backoffLimitPerIndex: 2,
    });
    const [container] = job.spec.template.spec.containers;
    expect(container.args[0]).toContain('--shard "$((JOB_COMPLETION_INDEX + 1))/8" --jobs 2 --pr');
    expect(container.env).toContainEqual({
      name: 'GH_TOKEN',
      valueFrom: { secretKeyRef: { name: 'create-service-fleet', key: 'token' } },
    });
  });

  it('keeps the restricted profile of Pod Security, with a root file system that cannot be written', async () => {
    const [, job] = parseAllDocuments((await fleet(['kubernetes'])).out).map((document) => document.toJS());
    const { spec } = job.spec.template;
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(spec.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.volumes.flatMap((volume: object) => Object.keys(volume)).sort()).toEqual([
      'configMap',
      'emptyDir',
      'name',
      'name',
    ]);
  });

  it.each([
    ['services/a\n', 'services/a is a directory'],
    ['https://me:secret@forge.example/a.git\n', 'https://forge.example/a.git has credentials'],
    [`${'https://forge.example/acme/a-long-name-of-a-repository.git?'.repeat(20_000)}\n`, 'a ConfigMap holds 1 MB'],
  ])('refuses a list that it cannot take: %.40j', async (list, message) => {
    const { code, err } = await fleet(['kubernetes'], list);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
    expect(err).not.toContain('secret@');
  });
});

it.each([
  [['mesos', '--repos', 'list'], 'Allowed choices are github, kubernetes'],
  [['github'], 'give the list of repositories: --repos FILE'],
  [['github', '--repos', 'nowhere'], 'there is no file nowhere'],
  [['github', '--repos', 'list', '--shards', '257'], '--shards 257: give a number from 1 to 256'],
])('refuses %j', async (argv, message) => {
  const { code, err } = await runCli(['fleet', ...argv], { files: { '/srv/list': 'https://forge.example/a.git\n' } });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
});
