import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../setup.mjs';
import { run } from '../run.mjs';

const script = path.join(root, 'test/servers/buildkit.sh');

/** A BuildKit of its own, in a directory that it keeps everything in: test/servers/buildkit.sh. */
export class Builder {
  #env;
  #connect;

  constructor(directory) {
    mkdirSync(directory, { recursive: true });
    this.#env = { ...process.env, DATA_DIR: directory };
  }

  async start() {
    await this.#server('start');
    this.#connect = [await this.#server('buildctl'), '--addr', await this.#server('addr')];
  }

  stop() {
    return this.#server('clean');
  }

  #server(action) {
    return run(script, [action], { env: this.#env });
  }

  /**
   * Builds a Dockerfile.
   *
   * @param contexts directories that COPY --from can name
   * @param bases by the name that FROM has: the directory of an image, as {@link imageOutput} wrote it
   * @param options of the Dockerfile front end, such as `platform` and `build-arg:NAME`
   * @param outputs what to write, as {@link imageOutput} and {@link filesOutput} say it
   */
  async build({ context, dockerfile, contexts = {}, bases = {}, options = {}, outputs, isCached = true }) {
    const [buildctl, ...connect] = this.#connect;
    const flags = [
      ['--local', `context=${context}`],
      ['--local', `dockerfile=${path.dirname(dockerfile)}`],
      // Without it the line `# syntax=` would have the front end fetched from a registry, instead of the one built in.
      ...Object.entries({ filename: path.basename(dockerfile), cmdline: 'built-in', ...options }).map(option),
      ...Object.entries(contexts).flatMap(([name, at]) => [
        ['--local', `${name}=${at}`],
        option([`context:${name}`, `local:${name}`]),
      ]),
      ...Object.entries(bases).flatMap(([reference, at], number) => [
        ['--oci-layout', `base${number}=${at}`],
        option([`context:${reference}`, `oci-layout://base${number}@${digestOf(at)}`]),
      ]),
      ...outputs.map((output) => ['--output', output]),
      ...(isCached ? [] : [['--no-cache']]),
    ];
    await run(buildctl, [...connect, 'build', '--progress', 'plain', '--frontend', 'dockerfile.v0', ...flags.flat()]);
  }
}

function option([key, value]) {
  return ['--opt', `${key}=${value}`];
}

/** An image, as a directory in OCI's layout. */
export function imageOutput(directory) {
  return `type=oci,tar=false,rewrite-timestamp=true,dest=${directory}`;
}

/** The files of an image; those of several platforms, each in a directory such as linux_arm64. */
export function filesOutput(directory) {
  return `type=local,dest=${directory}`;
}

/** Returns the digest of the image in a directory that {@link imageOutput} describes: of its index, for several platforms. */
export function digestOf(directory) {
  return JSON.parse(readFileSync(path.join(directory, 'index.json'), 'utf8')).manifests[0].digest;
}

function blob(directory, { digest }) {
  return JSON.parse(readFileSync(path.join(directory, 'blobs', digest.replace(':', '/')), 'utf8'));
}

/** Returns the images in such a directory: platform, configuration, and the bytes that a pull transfers. */
export function imagesIn(directory) {
  const { manifests } = blob(directory, { digest: digestOf(directory) });
  return manifests
    .filter(({ platform }) => platform.os !== 'unknown')
    .map((descriptor) => {
      const { config, layers } = blob(directory, descriptor);
      const { architecture, config: settings } = blob(directory, config);
      return { architecture, settings, bytes: layers.reduce((sum, { size }) => sum + size, 0) };
    });
}
