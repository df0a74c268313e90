import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { main } from '../../src/main.js';
import { nodeSystem } from '../../src/system/node-system.js';
import { fakeTerminal } from '../support/fake-terminal.js';
import { restOrders } from '../support/living-service.js';

let root = '';
let cwd = '';

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'update-branches-'));
  cwd = path.join(root, 'orders');
  writeFileSync(path.join(root, 'service.yaml'), restOrders);
  await tool(root, 'new', 'orders', '--manifest', 'service.yaml', '--yes', '--no-git');
  git('init', '--quiet', '--initial-branch=main');
  commit();
});

afterEach(() => rmSync(root, { recursive: true }));

async function tool(
  directory: string,
  ...argv: readonly string[]
): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal();
  const code = await main(argv, { ...nodeSystem(), cwd: directory, terminal });
  return { code, out: terminal.written(), err: terminal.said() };
}

function git(...args: readonly string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'x');
}

async function onBranch(name: string, ...argv: readonly string[]): Promise<void> {
  git('checkout', '--quiet', '-b', name, 'main');
  expect(await tool(cwd, ...argv)).toMatchObject({ code: 0 });
  commit();
}

/** Merges both branches; returns the files that git could not merge. */
function merged(): readonly string[] {
  try {
    git('merge', '--quiet', 'one', '--no-edit');
  } catch {
    return git('diff', '--name-only', '--diff-filter=U').trim().split('\n');
  }
  return [];
}

it('two branches that both added something are one service after an update', async () => {
  await onBranch('one', 'add', 'config', 'grace:duration=5m', '--description', 'How long.');
  await onBranch('two', 'add', 'task', 'ping', '--payload', 'order_id:uuid', '--resource', 'order');
  const conflicted = merged();
  // What people and the tool share merges by itself; what the tool remembers it puts together itself.
  expect(conflicted.filter((file) => !file.startsWith('.create-service/'))).toEqual([]);
  const { code, err } = await tool(cwd, 'update', '--allow-dirty');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect((await tool(cwd, 'update', '--check')).code).toBe(0);
  const text = (file: string) => readFileSync(path.join(cwd, file), 'utf8');
  expect(text('internal/app/wire_gen.go')).toContain('Grace');
  expect(text('internal/message/tasks_gen.go')).toContain('Ping');
  expect(text('.create-service/lock.yaml')).not.toMatch(/^[<=>]{7}/m);
});

it('two branches that both added a field clash in its migration, by name', async () => {
  await onBranch('one', 'add', 'field', 'order', 'gift:bool');
  await onBranch('two', 'add', 'field', 'order', 'weight:int32');
  for (const file of merged()) if (!file.startsWith('.create-service/')) git('checkout', '--theirs', '--', file);
  const { code, err } = await tool(cwd, 'update');
  expect({ code, err }).toEqual({
    code: 1,
    err: expect.stringContaining('migrations/add_gift_to_orders has the number 4'),
  });
});
