// The tour's first step: writes the orders example into .cache/demo, starts it with Go alone, and uses its API once.
//
//   npm run demo              keeps serving until Ctrl-C
//   npm run demo -- --once    stops after the two requests
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildTool, root } from './setup.mjs';

/** Milliseconds to wait for the service: the first `go build` of a machine downloads and compiles everything. */
const patience = 15 * 60_000;

const directory = path.join(root, '.cache/demo/orders');

buildTool();
generate();
const [api, rpc, issuer, admin] = [
  await freePort(8080),
  await freePort(8081),
  await freePort(8082),
  await freePort(9090),
];
const service = start({ api, rpc, issuer, admin });
try {
  await untilReady(service, admin);
  await useApi(`http://localhost:${api}`, tokenFrom(issuer));
  if (!process.argv.includes('--once')) {
    console.log(`\nServing http://localhost:${api}, documented at http://localhost:${api}/docs. Ctrl-C stops it.`);
    await ended(service);
  }
} finally {
  await stop(service);
}

function generate() {
  rmSync(directory, { recursive: true, force: true });
  const args = ['new', directory, '--manifest', 'examples/orders/service.yaml', '--no-git', '--yes'];
  say('npx', 'create-service', ...args.with(1, path.relative(root, directory)));
  execFileSync(process.execPath, [path.join(root, 'bin/create-service.js'), ...args], { cwd: root, stdio: 'inherit' });
}

/** Starts `make dev` as a process group of its own, so that one signal reaches make, the stand-ins and the service. */
function start({ api, rpc, issuer, admin }) {
  say('make', '-C', path.relative(root, directory), 'dev');
  const addresses = {
    HTTP_ADDR: `127.0.0.1:${api}`,
    GRPC_ADDR: `127.0.0.1:${rpc}`,
    ISSUER_ADDR: `127.0.0.1:${issuer}`,
    ADMIN_ADDR: `127.0.0.1:${admin}`,
  };
  const child = spawn('make', ['-C', directory, 'dev'], {
    env: { ...process.env, ...addresses },
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.on('error', (error) => console.error(`make does not start: ${error.message}`));
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => signalGroup(child, 'SIGINT'));
  return child;
}

async function untilReady(child, admin) {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline && !hasEnded(child)) {
    const answer = await fetch(`http://127.0.0.1:${admin}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(200);
  }
  throw new Error('the service did not become ready');
}

/** Returns a token for everything, as a person at a terminal gets one. */
function tokenFrom(issuer) {
  const args = ['-s', '-C', directory, 'token'];
  say(`TOKEN=$(make ${args.with(2, path.relative(root, directory)).join(' ')})`);
  const env = { ...process.env, ISSUER_ADDR: `127.0.0.1:${issuer}` };
  return execFileSync('make', args, { env, encoding: 'utf8' }).trim();
}

async function useApi(url, token) {
  const order = { customer_id: '6f1c1ab6-22c1-4a3b-9d2b-3c6ed2a0f3d4', email: 'ada@example.com', total: '12.50' };
  const created = await request('POST', `${url}/v1/orders`, token, order);
  await request('GET', new URL(created.headers.get('location') ?? `/v1/orders/${created.body.id}`, url).href, token);
}

async function request(method, url, token, body) {
  say(
    'curl',
    '-i',
    '-H',
    '"Authorization: Bearer $TOKEN"',
    ...(body ? ['-X', method, '-H', "'Content-Type: application/json'", '-d', `'${JSON.stringify(body)}'`] : []),
    url,
  );
  const headers = { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) };
  const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  console.log(`HTTP ${answer.status} ${answer.statusText}  ETag ${answer.headers.get('etag')}\n${text}`);
  if (!answer.ok) throw new Error(`${method} ${url} answered ${answer.status}`);
  return { headers: answer.headers, body: JSON.parse(text) };
}

/** Returns the port, or a free one when something else listens there. */
async function freePort(wanted) {
  const server = createServer();
  const listens = (port) =>
    new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
  if (!(await listens(wanted))) await listens(0);
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function stop(child) {
  signalGroup(child, 'SIGINT');
  await ended(child);
}

/** make ends at once on a signal; the service, in the same group, first finishes what it is doing. */
async function ended(child) {
  if (!hasEnded(child)) await once(child, 'exit');
  while (signalGroup(child, 0)) await sleep(50);
}

function hasEnded({ pid, exitCode, signalCode }) {
  return pid === undefined || exitCode !== null || signalCode !== null;
}

/** Sends a signal to make and everything it started; tells whether anything of it still runs. */
function signalGroup({ pid }, signal) {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch (error) {
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

function say(...words) {
  console.log(`\n$ ${words.join(' ')}`);
}
