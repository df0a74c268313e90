import { UserError } from '../errors.js';
import { lockVersion } from './format-lock.js';
import { type Lock, type LockedFile, lockPath, type StableNumber } from './lock.js';
import { isServicePath } from './service-path.js';

const entryPattern = /^ {2}("(?:[^"\\]|\\.)*"): (.+)$/;
const filePattern =
  /^\{ class: (generated|derived|managed|yours|ejected), owner: ([\w+.-]+), mode: "(644|755)", sha256: "([0-9a-f]{64})"(?:, at: ("(?:[^"\\]|\\.)*"))? \}$/;

/**
 * Reads a lock. The tool wrote the file, so this knows that one form of it and no other YAML: a tenth of the time.
 *
 * @throws UserError with code 3 for a newer lock, code 1 for one that a person or a merge changed, with the line.
 */
export function parseLock(text: string): Lock {
  const lines = new Lines(text);
  const version = Number(lines.scalar('lock'));
  if (version > lockVersion) throw newerLock(lines.scalar('tool'));
  if (version !== lockVersion) throw lines.malformed();
  const lock = {
    tool: lines.scalar('tool'),
    manifest: lines.block('manifest'),
    ...lines.conflicts(),
    numbers: lines.section('numbers', parseNumber),
    files: lines.section('files', parseFile),
  };
  lines.end();
  return lock;
}

class Lines {
  private readonly lines: readonly string[];
  private next = 0;

  constructor(text: string) {
    this.lines = text.split('\n');
  }

  /** Reads `key: value`. */
  scalar(key: string): string {
    while (this.lines[this.next]?.startsWith('#')) this.next++;
    const line = this.lines[this.next];
    if (!line?.startsWith(`${key}: `)) throw this.malformed();
    this.next++;
    return line.slice(key.length + 2);
  }

  /** Reads `key: |2+` and the indented lines after it. */
  block(key: string): string {
    const mark = this.scalar(key);
    if (mark !== '|2+' && mark !== '|2-') throw this.malformed();
    const start = this.next;
    while (this.lines[this.next] === '' || this.lines[this.next]?.startsWith('  ')) this.next++;
    const text = this.lines.slice(start, this.next).map((line) => line.slice(2));
    return text.join('\n') + (mark === '|2+' ? '\n' : '');
  }

  /** Reads `key:` and its entries, or `key: {}`. */
  section<T>(key: string, parse: (name: string, value: string) => T | undefined): T[] {
    const line = this.lines[this.next];
    if (line !== `${key}:` && line !== `${key}: {}`) throw this.malformed();
    this.next++;
    const entries: T[] = [];
    while (this.lines[this.next]?.startsWith('  ')) entries.push(this.entry(parse));
    return entries;
  }

  /** Reads `conflicts:` and its entries, which most locks do not have. */
  conflicts(): Pick<Lock, 'conflicts'> {
    if (this.lines[this.next] !== 'conflicts:') return {};
    const conflicts = this.section('conflicts', (path, value) =>
      value === 'open' && isServicePath(path) ? path : undefined,
    );
    return { conflicts };
  }

  /** Nothing follows: what does would be forgotten. */
  end(): void {
    if (this.lines[this.next] !== '' || this.next !== this.lines.length - 1) throw this.malformed();
  }

  malformed(): UserError {
    const line = this.next + 1;
    const message = 'this is not what create-service writes';
    const found = this.lines[this.next]?.slice(0, 80);
    return new UserError(`${lockPath} cannot be read`, {
      exitCode: 1,
      diagnostics: [{ file: lockPath, line, column: 1, message, ...(found === undefined ? {} : { found }) }],
      hint: `take it from version control again: git checkout -- ${lockPath}`,
    });
  }

  private entry<T>(parse: (name: string, value: string) => T | undefined): T {
    const [, name, value] = entryPattern.exec(this.lines[this.next] ?? '') ?? [];
    const entry = name && value ? parse(JSON.parse(name) as string, value) : undefined;
    if (entry === undefined) throw this.malformed();
    this.next++;
    return entry;
  }
}

function parseNumber(name: string, value: string): StableNumber | undefined {
  return /^\d+$/.test(value) ? { name, number: Number(value) } : undefined;
}

function parseFile(path: string, value: string): LockedFile | undefined {
  const [, ownership, owner, mode, sha256, moved] = filePattern.exec(value) ?? [];
  if (!ownership || !owner || !mode || !sha256 || !isServicePath(path)) return undefined;
  const at = moved === undefined ? undefined : (JSON.parse(moved) as string);
  if (at !== undefined && !isServicePath(at)) return undefined;
  const file = { path, class: ownership as LockedFile['class'], owner, mode: mode === '755' ? 0o755 : 0o644, sha256 };
  return { ...file, ...(at !== undefined && { at }) } as LockedFile;
}

/** The refusal of a service that a newer tool wrote: this one would bring older templates. */
export function newerLock(tool: string): UserError {
  return new UserError(`this service was written by create-service ${tool}, which is newer than this one`, {
    exitCode: 3,
    hint: `run npx create-service@${tool} …`,
  });
}
