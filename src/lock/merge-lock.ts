import { UserError } from '../errors.js';
import { type Lock, lockPath, type StableNumber } from './lock.js';
import { parseLock } from './parse-lock.js';

/**
 * Reads a lock, also one that a merge of two branches left with markers: what both remember is put together.
 *
 * @param manifest `service.yaml` as it is now, which holds what both branches said
 * @throws UserError as `parseLock` does, and with code 1 when two names have one number
 */
export function readLock(text: string, manifest: string): Lock {
  const lock = isConflicted(text) ? together(text, manifest) : parseLock(text);
  refuseTwins(lock.numbers);
  return lock;
}

function isConflicted(text: string): boolean {
  return /^<{7}/m.test(text);
}

function together(text: string, manifest: string): Lock {
  const [ours, theirs] = [parseLock(sideOf(text, 'ours')), parseLock(sideOf(text, 'theirs'))];
  const conflicts = [...new Set([...(ours.conflicts ?? []), ...(theirs.conflicts ?? [])])].sort();
  return {
    tool: ours.tool,
    manifest: ours.manifest === theirs.manifest ? ours.manifest : manifest,
    numbers: union(ours.numbers, theirs.numbers, ({ name, number }) => `${name} ${number}`).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    ),
    files: union(ours.files, theirs.files, ({ path }) => path).sort((a, b) => (a.path < b.path ? -1 : 1)),
    ...(conflicts.length > 0 && { conflicts }),
  };
}

/** Returns a text with markers as one of the two sides has it. */
function sideOf(text: string, side: 'ours' | 'theirs'): string {
  return text.replace(
    /^<{7}.*\n([\s\S]*?)(?:^\|{7}.*\n[\s\S]*?)?^={7}\n([\s\S]*?)^>{7}.*\n/gm,
    (_, ours: string, theirs: string) => (side === 'ours' ? ours : theirs),
  );
}

function union<T>(ours: readonly T[], theirs: readonly T[], key: (item: T) => string): T[] {
  const keys = new Set(ours.map(key));
  return [...ours, ...theirs.filter((item) => !keys.has(key(item)))];
}

/** Two branches may have given one number to two names, or two numbers to one. */
function refuseTwins(numbers: readonly StableNumber[]): void {
  const seen = new Map<string, StableNumber>();
  for (const one of numbers) {
    for (const key of [`number ${familyOf(one.name)} ${one.number}`, `name ${one.name}`]) {
      const twin = one.name.startsWith('left/') ? undefined : seen.get(key);
      if (twin) throw twins(twin, one);
      seen.set(key, one);
    }
  }
}

function familyOf(name: string): string {
  return name.startsWith('migrations/') ? 'migrations/' : name.slice(0, name.lastIndexOf('/'));
}

function twins(a: StableNumber, b: StableNumber): UserError {
  const message = `${a.name} has the number ${a.number}, and ${b.name} the number ${b.number}`;
  return new UserError('two branches gave numbers that clash', {
    exitCode: 1,
    diagnostics: [{ file: lockPath, line: 0, column: 0, message }],
    hint: 'take one of the two changes back with git, and add it again on top of the other',
  });
}
