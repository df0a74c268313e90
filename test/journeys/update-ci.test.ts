import { expect, it } from 'vitest';
import { livingService } from '../support/living-service.js';

const manifest = `apiVersion: create-service/v1
name: orders
module: github.com/acme/orders
owner: team-commerce
registry: ghcr.io/acme
api: [rest]
resources:
  order: { store: mysql, fields: { note: { type: text } } }
`;

it('moves from GitHub to GitLab, and keeps a workflow that somebody edited', async () => {
  const service = await livingService(manifest);
  service.edit('.github/workflows/ci.yaml', 'timeout-minutes: 20', 'timeout-minutes: 30');
  service.edit('service.yaml', 'registry: ghcr.io/acme\n', 'registry: ghcr.io/acme\nci: gitlab\n');
  const { code, out } = await service.run('update');
  expect(code).toBe(0);
  expect(out).toMatch(/release\.yaml +removed/);
  expect(out).toMatch(/ci\.yaml +kept-edited/);
  expect(service.files.list('/srv/orders/.github/workflows')).toEqual(['ci.yaml']);
  expect(service.read('.gitlab-ci.yml')).toContain('mysql:8.4');
  expect(service.read('.gitlab/CODEOWNERS')).toContain('* @acme/team-commerce');
  expect(service.read('renovate.json')).toContain('gitlabPipelineVersions');
});

it('names no GitHub in a service on GitLab but in addresses of tools', async () => {
  const service = await livingService(manifest.replace('module: github.com', 'module: gitlab.com'));
  for (const file of [
    'README.md',
    'SECURITY.md',
    'AGENTS.md',
    'docs/runbook.md',
    '.gitlab-ci.yml',
    'catalog-info.yaml',
  ])
    expect(service.read(file).replace(/github\.com\/[\w-]+\/[\w-]+/g, '')).not.toMatch(/github/i);
});
