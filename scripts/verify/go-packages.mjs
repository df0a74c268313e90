import path from 'node:path';
import { root } from '../setup.mjs';
import { linter } from './linter.mjs';

const templates = path.join(root, 'templates');
const standIns = path.join(templates, 'devstack');
const standInFlags = ['-tags', 'gms_pure_go'];

/** The plain Go packages that services copy, and the stand-ins of devstack. */
export async function goPackages(report) {
  const go = (name, args, cwd = templates, env = {}) => report.step(`go: ${name}`, 'go', args, { cwd, env });
  await report.step('go: gofmt', 'gofmt', ['-l', '.'], { cwd: templates, silent: true });
  await go('vet', ['vet', './...']);
  const config = path.join(root, 'examples/orders/.golangci.yaml');
  await report.step('go: linter', linter(), ['run', '--allow-parallel-runners', '-c', config, './...'], { cwd: templates });
  await go('stand-ins build and pass their tests', ['test', ...standInFlags, './...'], standIns, { CGO_ENABLED: '0' });
  await go('platform packages pass their tests', ['test', './...']);
}
