import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds to wait for the service: the first `go build` of a machine downloads and compiles everything. */
const patience = 15 * 60_000;

/** `make dev` of a service, as a process group of its own, so that one signal reaches make, the stand-ins and the service. */
export class MakeDev {
  #child;
  #admin;

  /**
   * Starts it.
   *
   * @param ports of 127.0.0.1, by what listens there: api, rpc, issuer, admin
   * @param options stdio and env, as of node:child_process
   */
  constructor(directory, { api, rpc, issuer, admin }, { stdio, env = {} }) {
    const addresses = {
      HTTP_ADDR: `127.0.0.1:${api}`,
      GRPC_ADDR: `127.0.0.1:${rpc}`,
      ISSUER_ADDR: `127.0.0.1:${issuer}`,
      ADMIN_ADDR: `127.0.0.1:${admin}`,
    };
    this.#admin = admin;
    this.#child = spawn('make', ['-C', directory, 'dev'], {
      env: { ...process.env, ...env, ...addresses },
      detached: true,
      stdio,
    });
    this.#child.on('error', (error) => console.error(`make does not start: ${error.message}`));
  }

  /** What it writes, where stdio has pipes. */
  get outputs() {
    return [this.#child.stdout, this.#child.stderr];
  }

  /** Resolves when the service is ready. Throws when it ends before, or takes too long. */
  async ready() {
    const deadline = Date.now() + patience;
    while (Date.now() < deadline && !this.#hasEnded()) {
      const answer = await fetch(`http://127.0.0.1:${this.#admin}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(200);
    }
    throw new Error('the service did not become ready');
  }

  interrupt() {
    this.#signalGroup('SIGINT');
  }

  async stop() {
    this.interrupt();
    await this.ended();
  }

  /** make ends at once on a signal; the service, in the same group, first finishes what it is doing. */
  async ended() {
    if (!this.#hasEnded()) await once(this.#child, 'exit');
    while (this.#signalGroup(0)) await sleep(50);
  }

  #hasEnded() {
    const { pid, exitCode, signalCode } = this.#child;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  /** Sends a signal to make and everything it started; tells whether anything of it still runs. */
  #signalGroup(signal) {
    const { pid } = this.#child;
    try {
      return pid !== undefined && process.kill(-pid, signal);
    } catch (error) {
      if (error.code === 'ESRCH') return false;
      throw error;
    }
  }
}
