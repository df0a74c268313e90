// What a fresh clone lacks. Imports only Node's own modules, because it runs before `npm ci`.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of this repository. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Installs the packages of package-lock.json, unless exactly these are installed. */
export function installPackages() {
  const wanted = versions(path.join(root, 'package-lock.json'));
  const installed = versions(path.join(root, 'node_modules/.package-lock.json'));
  const complete = Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || optional || installed[name]?.version === version,
  );
  if (!complete) npm('ci');
}

/** Installs what is missing and builds dist/ from the sources as they are now. */
export function buildTool() {
  installPackages();
  npm('run', '--silent', 'build');
}

function npm(...args) {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Its words go to standard error: what the calling script prints is its own.
  execFileSync(command, args, { cwd: root, stdio: ['ignore', process.stderr, process.stderr] });
}

function versions(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}
