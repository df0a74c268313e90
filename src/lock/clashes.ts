import { UserError } from '../errors.js';
import { lockPath, type StableNumber } from './lock.js';

/** Two entries of the lock that cannot both be right. */
export type Clash = readonly [StableNumber, StableNumber];

/** Returns what two branches gave twice: one number to two names of a family, or two numbers to one name. */
export function clashes(numbers: readonly StableNumber[]): readonly Clash[] {
  const seen = new Map<string, StableNumber>();
  const found: Clash[] = [];
  for (const one of numbers.filter(({ name }) => !name.startsWith('left/'))) {
    for (const key of [`number ${familyOf(one.name)} ${one.number}`, `name ${one.name}`]) {
      const twin = seen.get(key);
      if (twin) found.push([twin, one]);
      else seen.set(key, one);
    }
  }
  return found;
}

/** Returns the folder of a name within which a number is there once: `migrations/`, `proto/order/`. */
export function familyOf(name: string): string {
  return name.startsWith('migrations/') || name.startsWith('documents/')
    ? name.slice(0, name.indexOf('/') + 1)
    : name.slice(0, name.lastIndexOf('/') + 1);
}

/** @throws UserError with code 1 naming both sides of every clash */
export function refuseClashes(numbers: readonly StableNumber[]): void {
  const found = clashes(numbers);
  if (found.length === 0) return;
  throw new UserError('two branches gave numbers that clash', {
    exitCode: 1,
    diagnostics: found.map(([a, b]) => ({
      file: lockPath,
      line: 0,
      column: 0,
      message: `${a.name} has the number ${a.number}, and ${b.name} the number ${b.number}`,
    })),
    hint: found.some(([a, b]) => a.name === b.name)
      ? 'take one of the two changes back with git, and add it again on top of the other'
      : 'create-service update --renumber NAME gives the next free number to the one that no other branch, database or client has seen',
  });
}
