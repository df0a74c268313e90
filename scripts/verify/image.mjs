import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../setup.mjs';
import { freePort } from './free-port.mjs';
import { baseImages } from './image/bases.mjs';
import { Builder, digestOf, filesOutput, imageOutput, imagesIn } from './image/builder.mjs';
import { Container } from './image/container.mjs';
import { run } from './run.mjs';

const service = path.join(root, 'examples/orders');
const dockerfile = path.join(service, 'build/package/Dockerfile');
const version = '1.2.3';

/** How long Kubernetes waits for a pod of the service to end: terminationGracePeriodSeconds. */
const grace = 60;

/**
 * BuildKit builds the image of orders for two architectures, twice with the same bytes, on stand-ins of the base images.
 * Then it runs as in Kubernetes, against stand-ins of the servers: migrate, topics, serve, probes, SIGTERM. Needs root.
 */
export async function image(report) {
  const script = path.join(root, 'test/servers/buildkit.sh');
  if (!(await report.step('image: install', script, ['install'], { cwd: root }))) return;
  const directory = mkdtempSync(path.join(tmpdir(), 'image-'));
  const builder = new Builder(path.join(directory, 'buildkit'));
  try {
    let bases;
    const isReady = await report.check('image: stand-ins of the base images', async () => {
      await builder.start();
      bases = await baseImages(builder, dockerfile, path.join(directory, 'bases'));
      return Object.keys(bases).join(', ');
    });
    if (isReady) await builtAndRun(report, { builder, bases, directory });
  } finally {
    await builder.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function builtAndRun(report, { builder, bases, directory }) {
  const first = path.join(directory, 'first');
  const build = (at, isCached) => builder.build({ ...source(bases), outputs: outputs(at), isCached });
  const isBuilt = await report.check('image: orders, amd64 and arm64', async () => {
    await build(first, true);
    return sizes(first);
  });
  if (!isBuilt) return;
  await report.check('image: has its labels, and one file more than its base', () => contents(first));
  await report.check('image: the same bytes again', async () => {
    await build(path.join(directory, 'second'), false);
    return sameBytes(first, path.join(directory, 'second'), directory);
  });
  await report.check('image: hardened run, probes, SIGTERM', () => hardenedRun(first, directory));
}

function source(bases) {
  return {
    context: service,
    dockerfile,
    bases,
    options: {
      platform: 'linux/amd64,linux/arm64',
      'build-arg:VERSION': version,
      'build-arg:REVISION': '0'.repeat(40),
      'build-arg:SOURCE_DATE_EPOCH': '1700000000',
    },
  };
}

function outputs(at) {
  return [imageOutput(path.join(at, 'image')), filesOutput(path.join(at, 'files'))];
}

const architectures = { amd64: 62, arm64: 183 };

/** Each architecture has a program of its own; its machine is two bytes of the ELF header. */
function sizes(at) {
  const images = imagesIn(path.join(at, 'image'));
  return Object.entries(architectures)
    .map(([architecture, machine]) => {
      const program = readFileSync(programOf(at, architecture));
      if (program.readUInt16LE(18) !== machine)
        throw new Error(`the program of ${architecture} is of machine ${program.readUInt16LE(18)}`);
      const { bytes } = images.find((each) => each.architecture === architecture);
      return `${architecture} ${megabytes(bytes)} to pull, program ${megabytes(program.length)}`;
    })
    .join('; ');
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function filesOf(at, architecture) {
  return path.join(at, 'files', `linux_${architecture}`);
}

function programOf(at, architecture) {
  return path.join(filesOf(at, architecture), 'usr/local/bin/orders');
}

async function contents(at) {
  const [{ settings }] = imagesIn(path.join(at, 'image'));
  const wanted = { title: 'orders', version, revision: '0'.repeat(40), source: 'https://github.com/acme/orders' };
  for (const [label, value] of Object.entries(wanted)) {
    const is = settings.Labels[`org.opencontainers.image.${label}`];
    if (is !== value) throw new Error(`label ${label} is ${is}`);
  }
  if (settings.User !== '65532:65532') throw new Error(`its user is ${settings.User}`);
  const files = await run('find', ['.', '-type', 'f', '-not', '-path', './usr/share/zoneinfo/*'], {
    cwd: filesOf(at, 'amd64'),
  });
  const expected = ['./etc/group', './etc/passwd', './etc/ssl/certs/ca-certificates.crt', './usr/local/bin/orders'];
  if (files.split('\n').sort().join() !== expected.join()) throw new Error(files);
  return `${Object.keys(settings.Labels).length} labels`;
}

/** Twice by BuildKit without its cache of layers, and by the Go of this machine in another directory, with an empty cache. */
async function sameBytes(first, second, directory) {
  for (const architecture of Object.keys(architectures)) {
    const digests = [programOf(first, architecture), programOf(second, architecture)].map(digest);
    if (digests[0] !== digests[1]) throw new Error(`${architecture}: ${digests.join(' and ')}`);
  }
  const [one, other] = [first, second].map((at) => digestOf(path.join(at, 'image')));
  if (one !== other) throw new Error(`images ${one} and ${other}`);
  const elsewhere = path.join(directory, 'elsewhere');
  cpSync(service, elsewhere, { recursive: true });
  const program = path.join(directory, 'program');
  const flags = ['-trimpath', '-buildvcs=false', '-ldflags', `-s -w -buildid= -X main.version=${version}`];
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOCACHE: path.join(directory, 'go-cache') };
  await run('go', ['build', ...flags, '-o', program, './cmd/orders'], { cwd: elsewhere, env });
  if (digest(program) !== digest(programOf(first, 'amd64'))) throw new Error('this machine builds another program');
  return `image ${one.slice(0, 19)}, program sha256:${digest(program).slice(0, 12)} also without BuildKit`;
}

function digest(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

async function hardenedRun(at, directory) {
  const ports = { ADMIN_ADDR: await freePort(), HTTP_ADDR: await freePort(), GRPC_ADDR: await freePort() };
  const servers = await standIns(directory);
  const container = new Container(path.join(directory, 'bundle'), {
    files: filesOf(at, 'amd64'),
    settings: imagesIn(path.join(at, 'image')).find(({ architecture }) => architecture === 'amd64').settings,
    env: { ...servers.env, ...addresses(ports), CONFIG_FILE: '/etc/orders/config/config.yaml', TLS_DIR: '/etc/tls' },
    mounts: { '/etc/orders/config': path.join(service, 'configs/dev'), '/etc/tls': await certificates(directory) },
  });
  const name = (what) => `create-service-${process.pid}-${what}`;
  try {
    for (const command of [['migrate'], ['topics', '-all']]) {
      container.start(name(command[0]), command);
      if ((await container.ended) !== 0) throw new Error(`${command.join(' ')}\n${container.output}`);
    }
    container.start(name('serve'));
    for (const probe of ['startupz', 'readyz', 'livez'])
      await container.answers(`http://127.0.0.1:${ports.ADMIN_ADDR}/${probe}`);
    const confined = confinement(container.process);
    const { code, seconds } = await container.terminate();
    if (code !== 0 || seconds > grace) throw new Error(`exit code ${code} after ${seconds} s\n${container.output}`);
    return `${confined}; three probes answered; exit 0 ${seconds.toFixed(1)} s after SIGTERM`;
  } finally {
    await container.kill();
    await servers.stop();
  }
}

function addresses(ports) {
  return Object.fromEntries(Object.entries(ports).map(([key, port]) => [key, `127.0.0.1:${port}`]));
}

/** What the kernel says of the process: no root, no capability, none to be had, no file of the image that can be written. */
function confinement({ status, mounts }) {
  const [uid] = status.Uid.split('\t');
  const rootMount = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields[4] === '/');
  const facts = {
    uid,
    capabilities: BigInt(`0x${status.CapEff}`) | BigInt(`0x${status.CapBnd}`),
    noNewPrivileges: status.NoNewPrivs,
    root: rootMount[5].split(',')[0],
  };
  const text = `uid ${facts.uid}, capabilities ${facts.capabilities}, no-new-privileges ${facts.noNewPrivileges}, root ${facts.root}`;
  if (text !== 'uid 65532, capabilities 0, no-new-privileges 1, root ro') throw new Error(text);
  return text;
}

/** The servers that orders needs, as `make dev` has them. Returns what the service needs to find them. */
async function standIns(directory) {
  const program = path.join(directory, 'devstack');
  const tags = 'gms_pure_go,ferretdb_no_postgresql';
  const env = { ...process.env, CGO_ENABLED: '0' };
  await run('go', ['build', '-tags', tags, '-o', program, '.'], { cwd: path.join(service, 'devstack'), env });
  const issuer = `127.0.0.1:${await freePort()}`;
  const child = spawn(program, ['-until-eof', '-issuer-addr', issuer], { stdio: ['pipe', 'pipe', 'inherit'] });
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  const pairs = text
    .trim()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  const ended = new Promise((resolve) => {
    child.on('close', resolve);
  });
  return {
    env: Object.fromEntries(pairs),
    stop() {
      child.stdin.end();
      return ended;
    },
  };
}

/** A certificate that the container's user can read, as the kubelet gives it to the pod's group. */
async function certificates(directory) {
  const at = path.join(directory, 'certificates');
  if (!existsSync(at)) await run('go', ['run', './cmd/devcerts', at, 'orders'], { cwd: service });
  await run('chown', ['--recursive', '65532:65532', path.join(at, 'orders')]);
  return path.join(at, 'orders');
}
