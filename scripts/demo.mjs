// The tour's first step: writes the orders example into .cache/demo, starts it with Go alone, and uses its API once.
//
//   npm run demo              keeps serving until Ctrl-C
//   npm run demo -- --once    stops after the two requests
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { MakeDev } from './make-dev.mjs';
import { buildTool, root } from './setup.mjs';

const directory = path.join(root, '.cache/demo/orders');

buildTool();
generate();
const [api, rpc, issuer, admin] = [
  await freePort(8080),
  await freePort(8081),
  await freePort(8082),
  await freePort(9090),
];
say('make', '-C', path.relative(root, directory), 'dev');
const service = new MakeDev(directory, { api, rpc, issuer, admin }, { stdio: ['ignore', 'inherit', 'inherit'] });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => service.interrupt());
try {
  await service.ready();
  await useApi(`http://localhost:${api}`, tokenFrom(issuer));
  if (!process.argv.includes('--once')) {
    console.log(`\nServing http://localhost:${api}, documented at http://localhost:${api}/docs. Ctrl-C stops it.`);
    await service.ended();
  }
} finally {
  await service.stop();
}

function generate() {
  rmSync(directory, { recursive: true, force: true });
  const args = ['new', directory, '--manifest', 'examples/orders/service.yaml', '--no-git', '--yes'];
  say('npx', 'create-service', ...args.with(1, path.relative(root, directory)));
  execFileSync(process.execPath, [path.join(root, 'bin/create-service.js'), ...args], { cwd: root, stdio: 'inherit' });
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

function say(...words) {
  console.log(`\n$ ${words.join(' ')}`);
}
