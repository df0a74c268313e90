import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  const { code, err } = await tool(cwd, ...argv);
  expect({ code, err }).toEqual({ code: 0, err: expect.any(String) });
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

/** Two branches that both added something, merged; where git could not, both sides' lines stay, or ours in YAML. */
async function bothAdded(one: readonly string[], two: readonly string[]): Promise<void> {
  await onBranch('one', 'add', ...one);
  await onBranch('two', 'add', ...two);
  for (const file of merged()) {
    const text = readFileSync(path.join(cwd, file), 'utf8');
    if (file.endsWith('http-route.yaml')) git('checkout', '--ours', '--', file);
    else if (!file.startsWith('.create-service/'))
      writeFileSync(path.join(cwd, file), text.replace(/^[<=>]{7}.*\n/gm, ''));
  }
}

it('two branches that both added a field clash in its migration and its number, by name, until one is renumbered', async () => {
  writeFileSync(path.join(cwd, 'service.yaml'), restOrders.replace('api: [rest]', 'api: [rest, grpc]'));
  expect(await tool(cwd, 'update', '--allow-dirty')).toMatchObject({ code: 0 });
  commit();
  await bothAdded(['field', 'order', 'gift:bool'], ['field', 'order', 'weight:int32']);
  const clash = await tool(cwd, 'update');
  expect(clash).toMatchObject({
    code: 1,
    err: expect.stringContaining('migrations/add_gift_to_orders has the number 4'),
  });
  expect(clash.err).toContain('proto/order/gift has the number');

  const names = ['--renumber', 'migrations/add_gift_to_orders', '--renumber', 'proto/order/gift'];
  const half = await tool(cwd, 'update', ...names.slice(0, 2), '--allow-dirty');
  expect(half).toMatchObject({ code: 1, err: expect.stringContaining('proto/order/weight') });
  const { code, err } = await tool(cwd, 'update', ...names, '--allow-dirty');
  expect({ code, err }).toEqual({ code: 0, err: expect.anything() });
  expect(err).toContain('migrations/add_gift_to_orders has the number 5 now instead of 4');

  const migrations = readdirSync(path.join(cwd, 'migrations')).filter((name) => name.includes('_add_'));
  expect(migrations).toEqual(['00004_add_weight_to_orders.sql', '00005_add_gift_to_orders.sql']);
  expect(readFileSync(path.join(cwd, 'migrations/00005_add_gift_to_orders.sql'), 'utf8')).toContain(
    'ADD COLUMN `gift`',
  );
  const proto = readFileSync(path.join(cwd, 'api/proto/orders/v1/order.proto'), 'utf8');
  const numbers = [...proto.matchAll(/(gift|weight) = (\d+)/g)].map(([, name, number]) => `${name} ${number}`);
  expect(new Set(numbers).size).toBe(2);
  expect(new Set(numbers.map((each) => each.split(' ')[1])).size).toBe(2);
  expect((await tool(cwd, 'update', '--check')).code).toBe(0);
});

it('two branches that both added a resource, one of them edited its table', async () => {
  await bothAdded(['resource', 'note', 'body:text'], ['resource', 'refund', 'reason:text']);
  const before = readdirSync(path.join(cwd, 'migrations')).find((name) => name.endsWith('_create_notes.sql')) ?? '';
  writeFileSync(path.join(cwd, 'migrations', before), '-- mine\n', { flag: 'a' });
  expect(await tool(cwd, 'update', '--allow-dirty')).toMatchObject({
    code: 1,
    err: expect.stringContaining('migrations/create/refund the number'),
  });
  const { code, err } = await tool(cwd, 'update', '--renumber', 'migrations/create/note', '--allow-dirty');
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('number 5 now instead of 4') });
  const migrations = readdirSync(path.join(cwd, 'migrations')).filter((name) => /notes|refunds/.test(name));
  expect(migrations).toEqual(['00004_create_refunds.sql', '00005_create_notes.sql']);
  expect(readFileSync(path.join(cwd, 'migrations/00005_create_notes.sql'), 'utf8')).toMatch(/-- mine\n$/);
  const route = readFileSync(path.join(cwd, 'deployments/kubernetes/components/public-api/http-route.yaml'), 'utf8');
  expect(route.match(/value: .*/g)).toEqual(['value: /v1/orders', 'value: /v1/refunds', 'value: /v1/notes']);
  expect((await tool(cwd, 'update', '--check')).code).toBe(0);
});

it('refuses to renumber what clashes with nothing', async () => {
  const { code, err } = await tool(cwd, 'update', '--renumber', 'proto/order/gift');
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('does not clash') });
});
