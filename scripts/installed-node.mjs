import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';

/** Returns the binary of a major version of Node, from the npm package `node`, kept in .cache/nodes. */
export function installedNode(major) {
  const prefix = path.join(root, '.cache/nodes', major);
  const binary = path.join(prefix, 'node_modules/node/bin/node');
  if (!existsSync(binary)) {
    execFileSync('npm', ['install', '--silent', '--no-save', '--prefix', prefix, `node@${major}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return binary;
}
