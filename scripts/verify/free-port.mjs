import { createServer } from 'node:net';

/**
 * Returns a port of 127.0.0.1 that nothing listens on. It is below those that systems give to connections, so that none takes
 * it before a server does, nor one that has ended keeps it.
 */
export async function freePort() {
  const [lowest, ports, attempts] = [10_000, 10_000, 100];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = lowest + Math.floor(Math.random() * ports);
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
