import { MakeDev } from '../make-dev.mjs';
import { freePort } from './free-port.mjs';

/** A service that starts with `make dev`, as a newcomer starts it, and becomes ready. */
export async function checkDev(report, name, directory, env) {
  await report.check(`${name}: make dev`, async () => {
    const [api, rpc, issuer, admin] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
    const dev = new MakeDev(directory, { api, rpc, issuer, admin }, { stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    for (const stream of dev.outputs) stream.on('data', (chunk) => (output += chunk));
    try {
      await dev.ready();
      return '';
    } catch (error) {
      throw new Error(`${error.message}\n${output}`);
    } finally {
      await dev.stop();
    }
  });
}
