import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';

const manifests = path.join(root, 'test/services/manifests');
const fixture = path.join(root, 'test/fixtures/protos');
const scratch = path.join(root, '.cache/protos');
const tools = path.join(root, '.cache/tools');
const bufVersion = '1.75.0';

/** The program that makes *.pb.go: its own tests, and what it writes against `buf generate` with natively built plugins. */
export async function protos(report) {
  const source = path.join(root, 'scripts/protogen');
  await report.step('protogen: gofmt', 'gofmt', ['-l', '.'], { cwd: source, silent: true });
  await report.step('protogen: go mod tidy', 'go', ['mod', 'tidy', '-diff'], { cwd: source, silent: true });
  await report.step('protogen: go vet', 'go', ['vet', './...'], { cwd: source });
  await report.step('protogen: go test', 'go', ['test', './...'], { cwd: source });

  const oracle = installOracle(source);
  rmSync(scratch, { recursive: true, force: true });
  const compare = (name, make) =>
    report.check(`${name}: *.pb.go is what buf generate writes`, async () => {
      const directory = path.join(scratch, name);
      make(directory);
      return compared(directory, oracle);
    });
  await compare('every kind of .proto', (directory) => {
    cpSync(fixture, directory, { recursive: true });
    generate(directory);
  });
  for (const file of readdirSync(manifests).sort()) {
    // Contracts of other services are no matter of buf.
    const text = readFileSync(path.join(manifests, file), 'utf8')
      .replace(/^api: .*$/m, 'api: [grpc]')
      .replace(/, contract: [^ }]+/g, '');
    // Only resources have methods, and only what has methods has .proto files.
    if (/^resources:/m.test(text) && /^api:/m.test(text))
      await compare(path.basename(file, '.yaml'), (directory) => render(text, directory));
  }
}

/** Installs buf and the plugins with the versions that scripts/protogen pins, and returns their paths. */
function installOracle(source) {
  const list = (module) => execFileSync('go', ['list', '-m', module], { cwd: source, encoding: 'utf8' }).trim();
  const plugins = [
    ['google.golang.org/protobuf', 'cmd/protoc-gen-go'],
    ['google.golang.org/grpc/cmd/protoc-gen-go-grpc', ''],
  ].map(([module, folder]) => {
    const [, version] = list(module).split(' ');
    const command = path.posix.join(module, folder);
    return installed(command, version);
  });
  const prefix = path.join(tools, `buf-${bufVersion}`);
  const buf = path.join(prefix, 'node_modules/.bin/buf');
  if (!existsSync(buf)) {
    const args = ['install', '--silent', '--no-save', '--prefix', prefix, `@bufbuild/buf@${bufVersion}`];
    execFileSync('npm', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return { buf, plugins };
}

function installed(command, version) {
  const name = path.basename(command);
  const directory = path.join(tools, `${name}-${version}`);
  if (!existsSync(path.join(directory, name))) {
    const env = { ...process.env, GOBIN: directory, GOFLAGS: '' };
    execFileSync('go', ['install', `${command}@${version}`], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return path.join(directory, name);
}

/** Runs the program over the modules of a directory's buf.yaml, as the tool does for a service. */
function generate(directory) {
  const roots = protoRoots(directory);
  const files = roots.flatMap((folder) =>
    filesBelow(path.join(directory, folder), /\.proto$/).map((name) => ({
      path: name,
      text: readFileSync(path.join(directory, folder, name), 'utf8'),
    })),
  );
  const program = ['--no-warnings', 'host.js', 'protogen.wasm.br'];
  const options = { cwd: path.join(root, 'dist/wasm'), input: JSON.stringify({ files }), maxBuffer: 1 << 26 };
  const answer = JSON.parse(execFileSync(process.execPath, program, options));
  if (answer.problems) throw new Error(JSON.stringify(answer.problems));
  for (const { path: name, text } of answer.files) {
    const proto = [name.replace(/\.pb\.go$/, '.proto'), name.replace(/_grpc\.pb\.go$/, '.proto')];
    const folder = roots.find((one) => proto.some((file) => existsSync(path.join(directory, one, file))));
    writeFileSync(path.join(directory, folder, name), text);
  }
}

function render(manifest, directory) {
  const args = ['bin/create-service.js', 'new', directory, '--manifest', '-', '--yes', '--no-git'];
  execFileSync(process.execPath, args, { cwd: root, input: manifest, stdio: ['pipe', 'ignore', 'pipe'] });
}

/** Lets buf generate anew into an empty directory and compares; returns how many files were the same. */
function compared(directory, { buf, plugins }) {
  const out = path.join(scratch, 'buf');
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const template = {
    version: 'v2',
    plugins: plugins.map((local) => ({ local, out, opt: 'paths=source_relative' })),
  };
  execFileSync(buf, ['generate', '--template', JSON.stringify(template)], {
    cwd: directory,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  const ours = new Map(
    protoRoots(directory).flatMap((folder) =>
      filesBelow(path.join(directory, folder), /\.pb\.go$/).map((name) => [name, path.join(directory, folder, name)]),
    ),
  );
  const theirs = filesBelow(out, /\.go$/);
  const read = (file) => readFileSync(file, 'utf8');
  const wrong = [
    ...theirs.filter((name) => !ours.has(name)).map((name) => `only buf writes ${name}`),
    ...[...ours.keys()].filter((name) => !theirs.includes(name)).map((name) => `buf does not write ${name}`),
    ...theirs
      .filter((name) => ours.has(name) && read(ours.get(name)) !== read(path.join(out, name)))
      .map((name) => `${name} differs`),
  ];
  if (wrong.length > 0 || theirs.length === 0) throw new Error(wrong.join('\n') || 'buf wrote nothing');
  return `${theirs.length} files`;
}

function protoRoots(directory) {
  return [...readFileSync(path.join(directory, 'buf.yaml'), 'utf8').matchAll(/^ +- path: (.+)$/gm)].map(
    ([, folder]) => folder,
  );
}

function filesBelow(folder, names) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && names.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
