import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Runs an image by runc as Kubernetes would under Pod Security `restricted`, but in the network of this machine. */
export class Container {
  #bundle;
  #child;
  #output = '';
  #ended;

  /**
   * @param bundle directory for the description that runc reads
   * @param files the files of the image
   * @param settings its configuration: user, entrypoint, command, environment
   * @param env more environment; @param mounts what is mounted read-only, place by place
   */
  constructor(bundle, { files, settings, env, mounts }) {
    this.#bundle = bundle;
    this.image = { files, settings, env, mounts };
  }

  /** Starts it with a command line behind the entrypoint; without one, with the image's own. */
  start(name, command = this.image.settings.Cmd) {
    rmSync(this.#bundle, { recursive: true, force: true });
    mkdirSync(this.#bundle, { recursive: true });
    writeFileSync(path.join(this.#bundle, 'config.json'), JSON.stringify(description(this.image, command)));
    this.#output = '';
    this.#child = spawn(
      'runc',
      ['run', '--no-new-keyring', '--pid-file', this.#pidFile, '--bundle', this.#bundle, name],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', (chunk) => {
        this.#output += chunk;
      });
    this.#ended = new Promise((resolve) => {
      this.#child.on('close', resolve);
    });
  }

  get #pidFile() {
    return path.join(this.#bundle, 'pid');
  }

  /** What it wrote. */
  get output() {
    return this.#output;
  }

  /** Resolves with the exit code. */
  get ended() {
    return this.#ended;
  }

  /** Returns its process, as the kernel knows it. */
  get process() {
    const pid = Number(readFileSync(this.#pidFile, 'utf8'));
    const read = (name) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
    return {
      pid,
      status: Object.fromEntries(
        read('status')
          .split('\n')
          .map((line) => line.split(/:\t/)),
      ),
      mounts: read('mountinfo'),
    };
  }

  /** Waits until a URL answers with a status; fails when the container ends before, or after half a minute. */
  async answers(url, wanted = 200) {
    let last = '';
    for (let attempt = 0; attempt < 150; attempt++) {
      if (this.#child.exitCode !== null) break;
      last = await fetch(url).then(
        async (response) => (response.status === wanted ? '' : `${response.status} ${await response.text()}`),
        (error) => String(error.cause ?? error),
      );
      if (last === '') return;
      await setTimeout(200);
    }
    throw new Error(`${url}: ${last}\n${this.#output}`);
  }

  /** SIGTERM. Returns the exit code and the seconds until then. */
  async terminate() {
    const began = performance.now();
    process.kill(this.process.pid, 'SIGTERM');
    const code = await this.#ended;
    return { code, seconds: (performance.now() - began) / 1000 };
  }

  /** Ends it, if it still runs. */
  async kill() {
    if (this.#child?.exitCode === null) this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

/** OCI's runtime configuration: the image's own user, no capabilities, a root directory that nobody can write. */
function description({ files, settings, env, mounts }, command) {
  const [uid, gid] = settings.User.split(':').map(Number);
  const readOnly = ['bind', 'ro', 'nosuid', 'nodev'];
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid, gid },
      args: [...settings.Entrypoint, ...command],
      env: [...settings.Env, ...Object.entries(env).map(([key, value]) => `${key}=${value}`)],
      cwd: settings.WorkingDir,
      capabilities: {},
      noNewPrivileges: true,
    },
    root: { path: files, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=64k'] },
      ...Object.entries({ '/etc/resolv.conf': '/etc/resolv.conf', ...mounts }).map(([destination, source]) => ({
        destination,
        type: 'bind',
        source,
        options: readOnly,
      })),
    ],
    linux: {
      namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })),
      maskedPaths: ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
      readonlyPaths: ['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus'],
    },
  };
}
