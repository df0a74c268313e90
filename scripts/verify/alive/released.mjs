import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../setup.mjs';
import { run } from '../run.mjs';

/** Orders as the templates of each release rendered it; `scripts/keep-release.mjs` adds one. */
export const archives = path.join(root, 'test/fixtures/released');

/** Names of what is there, such as `0.1.0`. */
export function releases() {
  return readdirSync(archives).map((name) => path.basename(name, '.tar.gz'));
}

/** Writes orders into a directory, in the place of what is there: that of a release, or the example as it is today. */
export async function placeOrders(directory, release) {
  rmSync(directory, { recursive: true, force: true });
  if (release === undefined) {
    cpSync(path.join(root, 'examples/orders'), directory, { recursive: true });
    return;
  }
  mkdirSync(directory, { recursive: true });
  const archive = path.join(archives, `${release}.tar.gz`);
  await run('tar', ['--extract', '--gzip', `--file=${archive}`, '--strip-components=1', `--directory=${directory}`]);
}
