import { expect, it } from 'vitest';
import type { Operation, Verdict } from '../../plan/operation.js';
import { version } from '../../version.js';
import type { Update } from '../plan-update.js';
import { pullRequestText } from './pull-request-text.js';

const operation = (verdict: Verdict, path: string, more: Partial<Operation> = {}): Operation => ({
  path,
  verdict,
  class: 'managed',
  owner: 'service',
  after: { body: '', mode: 0o644 },
  ...more,
});

function textOf(operations: readonly Operation[], { tool = '0.0.1', notes = [] as readonly string[] } = {}) {
  const update = { plan: { operations }, service: { lock: { tool } }, model: { name: 'orders' }, notes };
  return pullRequestText(update as unknown as Update, 'create-service/update', 'upstream');
}

it('names both versions, or the manifest where the version is the same', () => {
  expect(textOf([]).title).toBe(`Update orders to create-service ${version}`);
  expect(textOf([]).body).toContain(`From create-service 0.0.1 to ${version}`);
  expect(textOf([], { tool: version }).title).toBe('Bring orders to its manifest');
});

it('counts every verdict, and lists what a person has to do and to read', () => {
  const { body } = textOf(
    [
      operation('conflict', 'Makefile', { reason: 'both sides changed the same lines' }),
      operation('create', 'migrations/0002_add_note.up.sql', { class: 'yours' }),
      operation('create', 'docs/a.md'),
      operation('merge', 'Dockerfile'),
      operation('renamed', 'new.go', { from: 'old.go' }),
      operation('kept-edited', 'gone.go', { reason: 'no template gives it any more', after: undefined }),
      operation('unchanged', 'same', { after: undefined }),
    ],
    { notes: ['a note'] },
  );
  for (const line of [
    '| create | 2 |',
    '- [ ] Resolve 1 conflict.',
    `git fetch upstream && git switch create-service/update`,
    `npx create-service@${version} update --continue`,
    '- [ ] Read 1 new migration:',
    '- [ ] Read 2 merged files:',
    '## Conflicts\n- `Makefile`: both sides changed the same lines',
    '## New migrations\n- `migrations/0002_add_note.up.sql`\n',
    '## Merged with your edits\n- `Dockerfile`\n- `new.go` (was `old.go`)',
    '## Kept as you have it\n- `gone.go`: no template gives it any more',
    '## Notes\n- a note',
    '<details><summary>All 5 files</summary>',
  ]) {
    expect(body).toContain(line);
  }
  expect(body).not.toContain('`same`');
});

it('asks for a review alone when there is nothing else', () => {
  expect(textOf([operation('update', 'a')]).body).toContain('## To do\nNothing but a review.');
});

it('stays below what a forge takes, however many files there are', () => {
  const long = (index: number) => operation('conflict', `${'x'.repeat(100)}/${index}`, { reason: 'y'.repeat(60) });
  const { body } = textOf(Array.from({ length: 5000 }, (_, index) => long(index)));
  expect(body).toContain('- and 4900 more');
  expect(body.length).toBeLessThan(65_536);
});

it('shows a path with backticks as it is', () => {
  expect(textOf([operation('update', 'a`b``c')]).body).toContain('- ``` a`b``c ```: update');
});
