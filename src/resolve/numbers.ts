import type { Manifest } from '../manifest/grammar.js';
import { firstProtoNumber } from '../names/proto-names.js';

/** A number that stays with its name for ever. */
export interface StableNumber {
  readonly name: string;
  readonly number: number;
}

/** Numbers that names have already. */
export interface KnownNumbers {
  readonly numbers: readonly StableNumber[];
  /** Highest number of a migration on the disk, people's own among them; 0: there is none. */
  readonly lastMigration: number;
}

/** What a service begins with. */
export const noNumbers: KnownNumbers = { numbers: [], lastMigration: 0 };

/** The migration that makes the table of the once-keys, in every service with MySQL. */
const onceKeys = 1;

/** Names of stable numbers, as the lock lists them. */
export const numberNames = {
  protoField: (resource: string, field: string) => `proto/${resource}/${field}`,
  protoValue: (resource: string, field: string, value: string) => `proto/${resource}/${field}/${value}`,
  outbox: 'migrations/create_outbox',
  table: (resource: string) => `migrations/create/${resource}`,
};

/**
 * Numbers by name: those that are known, and one for each name that the manifest brings. A number that a name had once is
 * never given to another one, also when the name is gone.
 */
export class Numbers {
  private readonly byName: Map<string, number>;
  private lastMigration: number;

  constructor({ numbers, lastMigration }: KnownNumbers) {
    this.byName = new Map(numbers.map(({ name, number }) => [name, number]));
    const migrations = numbers.filter(({ name }) => name.startsWith('migrations/')).map(({ number }) => number);
    this.lastMigration = Math.max(onceKeys, lastMigration, ...migrations);
  }

  /** Returns the number of a name; one that has none gets the next of its family. */
  protoField(resource: string, field: string): number {
    const family = `proto/${resource}/`;
    return this.next(numberNames.protoField(resource, field), firstProtoNumber, (name) => isIn(family, name));
  }

  protoValue(resource: string, field: string, value: string): number {
    const family = `proto/${resource}/${field}/`;
    return this.next(numberNames.protoValue(resource, field, value), 1, (name) => isIn(family, name));
  }

  migration(name: string): number {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    this.lastMigration++;
    this.byName.set(name, this.lastMigration);
    return this.lastMigration;
  }

  /** Returns the names below a folder, with their numbers. */
  below(family: string): readonly StableNumber[] {
    return this.all().filter(({ name }) => isIn(family, name));
  }

  /** Returns every number, sorted by name. */
  all(): readonly StableNumber[] {
    const entries = [...this.byName].map(([name, number]) => ({ name, number }));
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private next(name: string, first: number, isRelated: (name: string) => boolean): number {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const used = [...this.byName].filter(([other]) => isRelated(other)).map(([, number]) => number);
    const number = Math.max(first - 1, ...used) + 1;
    this.byName.set(name, number);
    return number;
  }
}

/** Returns the numbers of a service: the known ones, and those that the manifest needs, in its order. */
export function numbersOf(written: Manifest, known: KnownNumbers, hasOutbox: boolean): Numbers {
  const numbers = new Numbers(known);
  const resources = Object.entries(written.resources ?? {});
  const stored = resources.filter(([, { store }]) => store === 'mysql');
  if (stored.length > 0 && hasOutbox) numbers.migration(numberNames.outbox);
  for (const [name] of stored) numbers.migration(numberNames.table(name));
  if (!written.api?.includes('grpc')) return numbers;
  for (const [resource, { fields = {} }] of resources) {
    for (const [field, { type, ...options }] of Object.entries(fields)) {
      numbers.protoField(resource, field);
      const values = type === 'enum' && 'values' in options ? options.values : [];
      for (const value of values) numbers.protoValue(resource, field, value);
    }
  }
  return numbers;
}

/** Returns the five digits in front of a migration's name. */
export function migrationPrefix(number: number): string {
  return String(number).padStart(5, '0');
}

function isIn(family: string, name: string): boolean {
  return name.startsWith(family) && !name.slice(family.length).includes('/');
}
