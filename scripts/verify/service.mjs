import { existsSync } from 'node:fs';
import path from 'node:path';
import { linter } from './linter.mjs';

/** Everything that must hold for a fresh service, without a server. The linter takes most of the time. */
export async function checkService(report, name, cwd, { isLinted = true } = {}) {
  const step = (what, command, args, options = {}) =>
    report.step(`${name}: ${what}`, command, args, { cwd, ...options });
  await step('gofmt', 'gofmt', ['-l', '.'], { silent: true });
  await step('go mod tidy', 'go', ['mod', 'tidy', '-diff'], { silent: true });
  await step('go build', 'go', ['build', './...']);
  // The linter vets, too.
  if (isLinted) await step('golangci-lint', linter(), ['run', '--allow-parallel-runners', './...']);
  else await step('go vet', 'go', ['vet', './...']);
  await step('make test', 'make', ['test']);
}

/** The tests of a service that want servers: those that the environment names, those on the PATH, or the stand-ins. */
export async function checkWithServers(report, name, cwd, env = {}) {
  const step = (target) => report.step(`${name}: make ${target}`, 'make', [target], { cwd, env });
  // A service without a store has nothing to integrate.
  if (existsSync(path.join(cwd, 'test/integration'))) await step('test-integration');
  await step('test-e2e');
}
