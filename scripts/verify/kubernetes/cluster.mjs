import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { root } from '../../setup.mjs';

const script = path.join(root, 'test/servers/kubernetes.sh');
const renderer = path.join(root, 'test/services/render-overlay.sh');

/** A Kubernetes control plane of its own, whose nodes only pretend to run pods: test/servers/kubernetes.sh. */
export class Cluster {
  #data = mkdtempSync(path.join(tmpdir(), 'kubernetes-'));
  #environment = { ...process.env, DATA_DIR: this.#data };

  async start() {
    await this.#server('start-full');
    const [kubeconfig, kubectl] = [await this.#server('kubeconfig'), await this.#server('kubectl')];
    // The kubectl of this version comes first, also for the targets of a Makefile.
    const PATH = `${path.dirname(kubectl)}:${process.env.PATH}`;
    this.#environment = { ...this.#environment, KUBECONFIG: kubeconfig, PATH };
  }

  async stop() {
    await this.#server('clean');
    rmSync(this.#data, { recursive: true, force: true });
  }

  async #server(action) {
    const { stdout } = await this.run(script, [action]);
    return stdout.trim();
  }

  /** Runs a command with this cluster's kubectl. Throws with its output when it fails. */
  run(command, args, { cwd = root, input = '' } = {}) {
    return new Promise((resolve, reject) => {
      const options = { cwd, env: this.#environment, maxBuffer: 64 * 2 ** 20 };
      const child = execFile(command, args, options, (error, stdout, stderr) =>
        error ? reject(new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`)) : resolve({ stdout, stderr }),
      );
      child.stdin.end(input);
    });
  }

  /** Returns the objects of an overlay, with every Kustomize component of the service. */
  async render(overlay) {
    const { stdout } = await this.run('env', ['KUSTOMIZE=kubectl kustomize', renderer, overlay]);
    return parseAllDocuments(stdout).map((document) => document.toJS());
  }

  /** Returns the objects of a directory with a kustomization. */
  async kustomize(directory) {
    const { stdout } = await this.run('kubectl', ['kustomize', directory]);
    return parseAllDocuments(stdout).map((document) => document.toJS());
  }

  /**
   * Sends objects to the server, which refuses fields that it does not know. A warning is a failure: it is how the server
   * says that pods of a Deployment will be refused, or that an API will be gone.
   */
  async apply(objects, ...flags) {
    const args = ['apply', '--validate=strict', '--filename', '-', ...flags];
    const { stderr } = await this.run('kubectl', args, { input: documents(objects) });
    if (stderr.trim() !== '') throw new Error(stderr);
  }

  /** Returns what the server has of a kind in a namespace. */
  async list(kind, namespace) {
    const args = ['get', kind, '--namespace', namespace, '--output', 'json'];
    const { stdout } = await this.run('kubectl', args);
    return JSON.parse(stdout).items;
  }

  /** Returns the generation of each object, which counts the changes of what it says. */
  async generations(objects) {
    const args = ['get', '--filename', '-', '--output', 'json'];
    const { stdout } = await this.run('kubectl', args, { input: documents(objects) });
    const { items } = JSON.parse(stdout);
    return Object.fromEntries(items.map(({ kind, metadata }) => [`${kind} ${metadata.name}`, metadata.generation]));
  }

  /** Begins to delete a namespace and all that is in it. */
  async deleteNamespace(name) {
    await this.run('kubectl', ['delete', 'namespace', name, '--wait=false']);
  }

  /** Waits until a namespace is gone. */
  async waitForDeletion(name) {
    await this.run('kubectl', ['wait', '--for', 'delete', `namespace/${name}`, '--timeout', '120s']);
  }
}

function documents(objects) {
  return objects.map((object) => stringify(object)).join('---\n');
}
