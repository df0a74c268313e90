import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../free-port.mjs';
import { run } from '../run.mjs';

/**
 * Builds the service in `directory` as it is now, migrates with it, and starts it. Returns what calls its API, and what stops it.
 *
 * @param name of the program, which is built beside the directory
 * @param place the environment keys that say where its database is
 */
export async function start(name, directory, place) {
  const area = path.dirname(directory);
  const program = path.join(area, name);
  await run('go', ['build', '-o', program, './cmd/parcels'], { cwd: directory });
  const [api, admin] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env.PATH,
    ENVIRONMENT: 'test',
    HTTP_ADDR: `127.0.0.1:${api}`,
    ADMIN_ADDR: `127.0.0.1:${admin}`,
    ...place,
    SHUTDOWN_DELAY: '0s',
    LOG_LEVEL: 'error',
  };
  await run(program, ['migrate'], { cwd: area, env });
  const child = spawn(program, ['serve'], { env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('close', resolve));
  for (let tries = 0; !(await isReady(admin)); tries++) {
    if (tries > 300 || child.exitCode !== null) throw new Error(`the ${name} program does not get ready`);
    await sleep(50);
  }
  const call = async (method, where, sent, headers = {}) => {
    const response = await fetch(`http://127.0.0.1:${api}/v1/parcels${where}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(sent && { body: JSON.stringify(sent) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${name}: ${method} ${where}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    post: (sent) => call('POST', '', sent),
    get: (id) => call('GET', `/${id}`),
    list: () => call('GET', '?page_size=50'),
    remove: (id, version) => call('DELETE', `/${id}`, undefined, { 'if-match': `"${version}"` }),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function isReady(port) {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}
