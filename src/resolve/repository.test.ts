import { expect, it } from 'vitest';
import { ciOf, codeOwner, registryHost, runbookUrl } from './repository.js';

it.each([
  ['github.com/acme/orders', 'https://github.com/acme/orders/blob/main/docs/runbook.md'],
  ['github.com/acme/orders/v2', 'https://github.com/acme/orders/blob/main/docs/runbook.md'],
  ['github.com/acme/shop/services/orders', 'https://github.com/acme/shop/blob/main/services/orders/docs/runbook.md'],
  ['gitlab.com/acme/shop/orders', 'https://gitlab.com/acme/shop/orders/-/blob/main/docs/runbook.md'],
  ['git.acme.example/orders', 'https://git.acme.example/orders/blob/main/docs/runbook.md'],
])('the runbook of %s is at %s', (module, url) => {
  expect(runbookUrl(module, ciOf(module))).toBe(url);
});

it('is GitLab where the manifest says so, whatever the host', () => {
  const module = 'git.acme.example/shop/orders';
  const url = 'https://git.acme.example/shop/orders/-/blob/main/docs/runbook.md';
  expect(runbookUrl(module, ciOf(module, 'gitlab'))).toBe(url);
  expect(ciOf('gitlab.com/acme/orders', 'github')).toEqual({ github: true, gitlab: false });
});

it.each([
  ['team-commerce', 'github.com/acme/orders', '@acme/team-commerce'],
  ['Team Commerce', 'gitlab.com/acme/shop/orders', '@acme/Team-Commerce'],
  ['@acme/commerce', 'github.com/acme/orders', '@acme/commerce'],
  ['ada@example.com', 'github.com/acme/orders', 'ada@example.com'],
  ['me', 'orders', '@me'],
])('%s owns code of %s as %s', (owner, module, written) => {
  expect(codeOwner(owner, module)).toBe(written);
});

it.each([
  ['ghcr.io/acme', 'ghcr.io'],
  ['registry.acme.example:5000/team', 'registry.acme.example:5000'],
  ['localhost/acme', 'localhost'],
  ['acme', 'docker.io'],
])('images of %s are pushed to %s', (registry, host) => {
  expect(registryHost(registry)).toBe(host);
});
