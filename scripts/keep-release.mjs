// Keeps the orders example as the templates of a release render it, with its edits: from then on `npm run verify -- alive`
// brings it to the newest templates. An archive is written once and never changed.
//
//   node scripts/keep-release.mjs 0.2.0
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './setup.mjs';
import { archives } from './verify/alive/released.mjs';
import { run } from './verify/run.mjs';

const [version = ''] = process.argv.slice(2);
if (!/^[0-9A-Za-z.-]+$/.test(version)) throw new Error('say which version: node scripts/keep-release.mjs 0.2.0');
const archive = path.join(archives, `${version}.tar.gz`);
if (existsSync(archive)) throw new Error(`${archive} is there already`);
mkdirSync(archives, { recursive: true });
// The same tree gives the same bytes.
const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--exclude=orders/edits'];
await run('tar', [
  '--create',
  '--gzip',
  `--file=${archive}`,
  ...same,
  `--directory=${path.join(root, 'examples')}`,
  'orders',
]);
