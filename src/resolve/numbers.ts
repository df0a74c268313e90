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
  /** Highest number of a migration that stays, people's own among them; 0: there is none. */
  readonly lastMigration: number;
  /** The same of MongoDB's migrations, which count by themselves; absent: there is none. */
  readonly lastDocuments?: number;
  /** Names that nobody can have seen yet: without use they are forgotten. */
  readonly unpublished?: ReadonlySet<string>;
}

/** What a service begins with. */
export const noNumbers: KnownNumbers = { numbers: [], lastMigration: 0 };

/** The migration that makes what keeps once-keys, in every store. */
const onceKeys = 1;

type MigrationFamily = 'migrations' | 'documents';

/** Names of stable numbers, as the lock lists them. */
export const numberNames = {
  protoField: (resource: string, field: string) => `proto/${resource}/${field}`,
  protoValue: (resource: string, field: string, value: string) => `proto/${resource}/${field}/${value}`,
  outbox: 'migrations/create_outbox',
  table: (resource: string) => `migrations/create/${resource}`,
  documents: (resource: string) => `documents/create/${resource}`,
  step: (file: string) => `migrations/${file}`,
  documentsStep: (file: string) => `documents/${file}`,
  left: (name: string) => `left/${name}`,
};

/**
 * Numbers by name: those that are known, and one for each name that the manifest brings. A number that a name had once is
 * never given to another one, also when the name is gone.
 */
export class Numbers {
  private readonly byName: Map<string, number>;
  private readonly used = new Set<string>();
  private readonly last: Record<MigrationFamily, number>;

  constructor({ numbers, lastMigration, lastDocuments = 0, unpublished = new Set() }: KnownNumbers) {
    this.byName = new Map(numbers.map(({ name, number }) => [name, number]));
    const last = (family: MigrationFamily, onDisk: number) => {
      const staying = numbers.filter(({ name }) => name.startsWith(`${family}/`) && !unpublished.has(name));
      return Math.max(onceKeys, onDisk, ...staying.map(({ number }) => number));
    };
    this.last = { migrations: last('migrations', lastMigration), documents: last('documents', lastDocuments) };
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

  /** Returns the number of a migration, of MySQL or of MongoDB as its name says. */
  migration(name: string): number {
    this.used.add(name);
    const family = name.startsWith('documents/') ? 'documents' : 'migrations';
    const number = this.byName.get(name) ?? this.last[family] + 1;
    this.last[family] = Math.max(this.last[family], number);
    this.byName.set(name, number);
    return number;
  }

  /** Tells whether a name has its number already. */
  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** Forgets those of the names that nothing asked for. */
  forget(names: ReadonlySet<string>): void {
    for (const name of names) if (!this.used.has(name)) this.byName.delete(name);
  }

  /** Gives a new step a number, and another name where an earlier step has that one. */
  freshMigration(name: string, nameOf: (file: string) => string): StableNumber {
    let free = name;
    for (let count = 2; this.byName.has(nameOf(free)); count++) free = `${name}_${count}`;
    return { name: free, number: this.migration(nameOf(free)) };
  }

  /** Remembers that a field or resource, `order/gift` or `order`, is in databases but not in the manifest. */
  migrationLeft(name: string): void {
    this.byName.set(numberNames.left(name), this.last.migrations);
  }

  /** Tells whether {@link migrationLeft} was said of the name. */
  isLeft(name: string): boolean {
    return this.byName.has(numberNames.left(name));
  }

  /** Returns what {@link migrationLeft} was said of. */
  left(): readonly string[] {
    const family = numberNames.left('');
    return this.all().flatMap(({ name }) => (name.startsWith(family) ? [name.slice(family.length)] : []));
  }

  /** Forgets that something was left in databases. */
  migrationSettled(name: string): void {
    this.byName.delete(numberNames.left(name));
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
    this.used.add(name);
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
  const firsts = firstMigrations(written, hasOutbox);
  // First what has a number, so that a new one comes after all of them.
  for (const name of firsts) if (numbers.has(name)) numbers.migration(name);
  for (const name of firsts) numbers.migration(name);
  if (written.api?.includes('grpc')) addProtoNumbers(written, numbers);
  numbers.forget(known.unpublished ?? new Set());
  return numbers;
}

/** The migrations that make tables and collections. */
function firstMigrations({ resources = {} }: Manifest, hasOutbox: boolean): readonly string[] {
  const stored = Object.entries(resources);
  const isTabled = stored.some(([, { store }]) => store === 'mysql');
  const outbox = isTabled && hasOutbox ? [numberNames.outbox] : [];
  return [
    ...outbox,
    ...stored.map(([name, { store }]) => numberNames[store === 'mysql' ? 'table' : 'documents'](name)),
  ];
}

function addProtoNumbers({ resources = {} }: Manifest, numbers: Numbers): void {
  for (const [resource, { fields = {} }] of Object.entries(resources)) {
    for (const [name, { type, was: field = name, ...options }] of Object.entries(fields)) {
      numbers.protoField(resource, field);
      const values = type === 'enum' && 'values' in options ? options.values : [];
      for (const value of values) numbers.protoValue(resource, field, value);
    }
  }
}

/** Returns the five digits in front of a migration's name. */
export function migrationPrefix(number: number): string {
  return String(number).padStart(5, '0');
}

function isIn(family: string, name: string): boolean {
  return name.startsWith(family) && !name.slice(family.length).includes('/');
}
