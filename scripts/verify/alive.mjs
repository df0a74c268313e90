import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { commitAll, git } from '../git.mjs';
import { root } from '../setup.mjs';
import { editedOrders } from './alive/edited-orders.mjs';
import { lostEdits } from './alive/hand-edits.mjs';
import { releases } from './alive/released.mjs';
import { checkService, checkWithServers } from './service.mjs';

/** One place for all, one after the other: Go's build cache knows packages by their directory. */
const directory = path.join(root, '.cache/alive/service');

const addRefund = ['add', 'resource', 'refund', 'order_id:uuid!@index', 'amount:decimal(12,2)!', 'reason:text'];

/** What teams ask for after they have worked on a service. Those with `servers` also run against databases. */
const journeys = [
  { name: 'add a field', commands: [['add', 'field', 'order', 'gift_note:string(200)']], servers: true },
  {
    name: 'add a resource',
    commands: [addRefund],
    servers: true,
  },
  {
    name: 'add a task',
    commands: [['add', 'task', 'pack-order', '--payload', 'order_id:uuid', '--resource', 'order']],
    servers: true,
  },
  {
    name: 'add MongoDB',
    // With a second store a task says which one it belongs to.
    manifest: { from: 'cron: "0 3 * * *" }', to: 'cron: "0 3 * * *", resource: order }' },
    commands: [['add', 'resource', 'review', 'store=mongodb', 'order_id:uuid!@index', 'stars:int32!', 'text:text']],
    servers: true,
  },
  { name: 'remove Redis from orders', commands: [['remove', 'cache', 'order']], servers: true },
  {
    name: 'add a consumer, a client, a configuration key and an environment',
    commands: [
      [
        'add',
        'consumer',
        'order-shipped',
        '--topic',
        'shipping.shipment.v1',
        '--service',
        'shipping',
        '--resource',
        'order',
      ],
      ['add', 'client', 'stock', '--protocol', 'rest'],
      ['add', 'client', 'products', '--protocol', 'grpc', '--contract', contract('catalog')],
      ['add', 'config', 'gift_limit:int32=3', '--description', 'Gifts in one order.'],
      ['add', 'environment', 'canary', '--replicas', '1'],
    ],
  },
  {
    name: 'add an action',
    commands: [['add', 'action', 'order', 'ship', '--when', 'state=paid', '--set', 'state=shipped']],
  },
  {
    name: 'add and remove a resource with events, and a field',
    commands: [
      ['add', 'resource', 'refund', 'amount:decimal(12,2)!'],
      ['add', 'events', 'refund'],
      ['add', 'cache', 'refund'],
      ['remove', 'cache', 'refund'],
      ['remove', 'resource', 'refund'],
      ['remove', 'field', 'order', 'note'],
    ],
  },
  {
    name: 'remove a task, a consumer and an API',
    commands: [
      ['remove', 'task', 'nightly-report'],
      ['remove', 'environment', 'staging'],
      ['remove', 'grpc'],
    ],
  },
  ...releases().map((release) => ({
    name: `orders of ${release}: update, add a resource`,
    release,
    commands: [['update'], addRefund],
    servers: true,
  })),
];

/**
 * Services that people have edited, and then bring to a changed manifest: no edit is lost, nothing conflicts, and the
 * result is held to what every service promises.
 */
export async function alive(report, { isNamed = false } = {}) {
  for (const { name, commands, servers = false, ...from } of journeys) {
    const isDone = await report.check(`${name}: ${commands.length} commands`, async () => {
      await editedOrders(directory, from);
      return commands.map(run).at(-1);
    });
    if (!isDone) continue;
    await checkService(report, name, directory);
    if (servers && isNamed) await checkWithServers(report, name, directory);
  }
}

/** Runs the tool and commits what it wrote. Returns its last line, the verdicts' counts. */
function run(args) {
  const tool = path.join(root, 'bin/create-service.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], { cwd: directory, encoding: 'utf8' });
  if (status !== 0)
    throw new Error(
      `${args.join(' ')}: exit code ${status}\n${stdout}${stderr}${git(directory, 'diff', '--diff-filter=U')}`,
    );
  const lost = lostEdits(directory);
  if (lost.length > 0) throw new Error(`${args.join(' ')} lost\n${lost.join('\n')}`);
  commitAll(directory, args.join(' '));
  const again = spawnSync(process.execPath, [tool, 'update', '--check'], { cwd: directory, encoding: 'utf8' });
  if (again.status !== 0)
    throw new Error(`update --check after ${args.join(' ')}: exit code ${again.status}\n${again.stdout}`);
  return stdout.trim().split('\n').at(-1);
}

function contract(name) {
  return path.relative(directory, path.join(root, 'examples', name, 'api/proto'));
}
