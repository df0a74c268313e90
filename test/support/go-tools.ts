import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Returns what gofmt makes of a Go file; throws with its words when the file does not parse. */
export function gofmt(source: string): string {
  return execFileSync('gofmt', { input: source, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
}

/** Returns what a Go program of one file, standard library only, prints. */
export function goRun(source: string): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'go-run-'));
  try {
    const file = path.join(directory, 'main.go');
    writeFileSync(file, source);
    return execFileSync('go', ['run', file], { encoding: 'utf8', cwd: directory, maxBuffer: 1 << 26 });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
