import type { Files } from '../../src/system/files.js';

/** What happens at one call that writes: the system refuses it, or the process is killed before, in the middle of or after it. */
export type Fault =
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'killed'; readonly when: 'before' | 'within' | 'after' };

/** The process was killed: after it nothing of the code under test reaches the files any more. */
export class Killed extends Error {}

type WritingCall =
  | 'create'
  | 'append'
  | 'makeDirectory'
  | 'rename'
  | 'remove'
  | 'removeDirectory'
  | 'changeMode'
  | 'sync';

/** Files of which one call, counted from 0, fails. */
export interface FaultyFiles {
  readonly files: Files;
  /** The calls that write, as they came: `rename /a /b`. */
  readonly calls: readonly string[];
}

/** Returns files that write through to others until the call with the number, and do there what the fault says. */
export function faultyFiles(files: Files, number: number, fault: Fault): FaultyFiles {
  const calls: string[] = [];
  let isDead = false;
  const wrap = <Name extends WritingCall>(name: Name): Files[Name] => {
    const call = files[name] as (...args: unknown[]) => void;
    const wrapped = (...args: unknown[]): void => {
      if (isDead) throw new Killed();
      const isFaulty = calls.push(`${name} ${args.filter(isPath).join(' ')}`) === number + 1;
      if (!isFaulty) return call(...args);
      if (fault.kind === 'refused') throw refusal(fault.code, name, String(args[0]));
      isDead = true;
      if (fault.when === 'after') call(...args);
      if (fault.when === 'within') half(name, call, args);
      throw new Killed();
    };
    return wrapped as Files[Name];
  };
  const dead = <Args extends unknown[], Result>(look: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      if (isDead) throw new Killed();
      return look(...args);
    };
  };
  return {
    calls,
    files: {
      status: dead(files.status),
      read: dead(files.read),
      list: dead(files.list),
      realPath: dead(files.realPath),
      create: wrap('create'),
      append: wrap('append'),
      makeDirectory: wrap('makeDirectory'),
      rename: wrap('rename'),
      remove: wrap('remove'),
      removeDirectory: wrap('removeDirectory'),
      changeMode: wrap('changeMode'),
      sync: wrap('sync'),
    },
  };
}

// Of the calls that write only the making of a file can stop half-way: with a part of the content.
function half(name: WritingCall, call: (...args: unknown[]) => void, [path, body, mode]: unknown[]): void {
  if (name === 'create' && body !== undefined) call(path, String(body).slice(0, String(body).length / 2), mode);
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('/');
}

function refusal(code: string, syscall: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path });
}
