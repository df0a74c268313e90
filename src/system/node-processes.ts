import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';
import type { Processes } from './processes.js';

/** Returns the processes of this machine. */
export function nodeProcesses(): Processes {
  return {
    self: () => ({ host: hostname(), pid: process.pid, start: startOf(process.pid) }),
    isAlive: ({ pid, start }) => answersSignals(pid) && startOf(pid) === start,
  };
}

function answersSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function startOf(pid: number): string {
  if (process.platform === 'win32') return '';
  return process.platform === 'linux' ? startTicks(pid) : startDate(pid);
}

// Field 22 of proc_pid_stat(5); the name in field 2 may hold spaces and parentheses. A zombie (state Z) does nothing any more.
function startTicks(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function startDate(pid: number): string {
  try {
    const date = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', env: { LC_ALL: 'C' } });
    return date.trim().replace(/\W+/g, '-');
  } catch {
    return '';
  }
}
