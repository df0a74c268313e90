import { execFileSync } from 'node:child_process';

/** Runs git in a directory, as somebody, and returns what it prints. */
export function git(cwd, ...args) {
  const author = ['-c', 'user.name=A Team', '-c', 'user.email=team@acme.example'];
  return execFileSync('git', [...author, ...args], { cwd, encoding: 'utf8' });
}

/** Commits all that is in a directory; makes a repository where there is none. */
export function commitAll(cwd, message) {
  git(cwd, 'init', '-q');
  git(cwd, 'add', '-A');
  git(cwd, 'commit', '-q', '--allow-empty', '-m', message);
}
