import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from '../setup.mjs';
import { linter } from './linter.mjs';
import { withoutServers } from './stand-ins.mjs';

const templates = path.join(root, 'templates');
const standIns = path.join(templates, 'devstack');
/** The programs and tests that run the examples. */
const programs = path.join(root, 'test/services');
const standInFlags = ['-tags', 'gms_pure_go,ferretdb_no_postgresql'];

/** The plain Go packages that services copy, and the stand-ins of devstack. */
export async function goPackages(report) {
  const go = (name, args, cwd = templates, env = {}) => report.step(`go: ${name}`, 'go', args, { cwd, env });
  await report.step('go: gofmt', 'gofmt', ['-l', '.'], { cwd: templates, silent: true });
  await go('vet', ['vet', './...']);
  const lint = ['run', '--allow-parallel-runners', '-c', lintConfig(), './...'];
  await report.step('go: linter', linter(), lint, { cwd: templates });
  await report.step('go: gofmt of tests', 'gofmt', ['-l', '.'], { cwd: path.join(root, 'test'), silent: true });
  await report.step('go: linter on tests', linter(), lint, { cwd: programs });
  await go('stand-ins build and pass their tests', ['test', ...standInFlags, './...'], standIns, { CGO_ENABLED: '0' });
  await go('platform packages pass their tests', ['test', './...']);
  // What passes on two servers that were written by different people is right, as mongod is not to be had.
  const onFerretDB = ['test', './components/mongodb/...', './components/mongodb+outbox/...'];
  await go('MongoDB packages pass their tests on the stand-in', onFerretDB, templates, withoutServers());
}

/**
 * Returns the rules of a generated service without those on import order: the module's path here has no dot, so its
 * packages are taken for the standard library. In services, where they have another path, the linter checks the order.
 */
function lintConfig() {
  const { formatters: _, ...rules } = parse(readFileSync(path.join(root, 'examples/orders/.golangci.yaml'), 'utf8'));
  const file = path.join(root, '.cache/templates.golangci.yaml');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, stringify(rules));
  return file;
}
