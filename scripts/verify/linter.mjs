import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';

/** The version that generated services name in their workflow. */
const version = 'v2.15.0';

/** Returns the path of golangci-lint, built into .cache/tools when it is not there yet (some minutes, once). */
export function linter() {
  const directory = path.join(root, '.cache/tools', version);
  const program = path.join(directory, 'golangci-lint');
  if (!existsSync(program)) {
    console.log(`     installing golangci-lint ${version} into .cache/tools`);
    const env = { ...process.env, GOBIN: directory, GOFLAGS: '' };
    const module = `github.com/golangci/golangci-lint/v2/cmd/golangci-lint@${version}`;
    execFileSync('go', ['install', module], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  }
  return program;
}
