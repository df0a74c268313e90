import { expect, it } from 'vitest';
import { runbookUrl } from './runbook-url.js';

it.each([
  ['github.com/acme/orders', 'https://github.com/acme/orders/blob/main/docs/runbook.md'],
  ['github.com/acme/orders/v2', 'https://github.com/acme/orders/blob/main/docs/runbook.md'],
  ['github.com/acme/shop/services/orders', 'https://github.com/acme/shop/blob/main/services/orders/docs/runbook.md'],
  ['gitlab.com/acme/shop/orders', 'https://gitlab.com/acme/shop/orders/-/blob/main/docs/runbook.md'],
  ['git.acme.example/orders', 'https://git.acme.example/orders/blob/main/docs/runbook.md'],
])('the runbook of %s is at %s', (module, url) => {
  expect(runbookUrl(module)).toBe(url);
});
