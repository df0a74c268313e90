import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.mjs';

/** How long a first `make dev` may take: it compiles the stand-ins. */
const patience = 600_000;

/** A service that starts with `make dev`, as a newcomer starts it, and becomes ready. */
export async function checkDev(report, name, directory, env) {
  await report.check(`${name}: make dev`, async () => {
    const ports = await Promise.all(['ADMIN', 'HTTP', 'GRPC', 'ISSUER'].map(async (key) => [key, await freePort()]));
    const addresses = Object.fromEntries(ports.map(([key, port]) => [`${key}_ADDR`, `127.0.0.1:${port}`]));
    const child = spawn('make', ['dev'], {
      cwd: directory,
      env: { ...process.env, ...env, ...addresses },
      detached: true,
    });
    const ended = new Promise((resolve) => {
      child.on('close', resolve);
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    try {
      await untilReady(child, addresses.ADMIN_ADDR);
      return '';
    } catch (error) {
      throw new Error(`${error.message}\n${output}`);
    } finally {
      if (child.exitCode === null) process.kill(-child.pid, 'SIGINT');
      await ended;
    }
  });
}

async function untilReady(child, address) {
  for (const deadline = Date.now() + patience; Date.now() < deadline && child.exitCode === null; await sleep(200)) {
    const answer = await fetch(`http://${address}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error('it did not become ready');
}
