import { type Diagnostic, UserError } from '../errors.js';
import type { FileEntry } from '../render/file-tree.js';
import type { Field, Resource, ServiceModel } from '../resolve/model.js';
import { migrationPrefix, Numbers, type StableNumber } from '../resolve/numbers.js';
import { type SchemaChange, type SchemaProblem, tableChange } from './schema-change.js';

/** What a manifest's change does to the schema. */
export interface Migrations {
  /** Steps to add. */
  readonly entries: readonly FileEntry[];
  /** Every stable number of the service, those of the steps among them. */
  readonly numbers: readonly StableNumber[];
  /** What a person should know, a line each. */
  readonly notes: readonly string[];
}

/**
 * Returns the migrations that bring the databases of a service from one model to another. They are steps at the end: those
 * that are there are history. A new resource brings its own, which is not among them.
 *
 * @param before the model of which databases may have the schema
 * @param lastMigration highest number on the disk
 * @param manifest its name in error messages
 * @throws UserError with every change that no step can make while rows are there and the program of before serves
 */
export function migrations(
  before: ServiceModel,
  after: ServiceModel,
  lastMigration: number,
  manifest: string,
): Migrations {
  const numbers = new Numbers({ numbers: after.numbers, lastMigration });
  const changes = after.resources.flatMap((resource) => changeOf(resource, before, numbers));
  const problems = changes.flatMap((change) => change.problems);
  if (problems.length > 0) throw refusal(problems, manifest);
  const entries = changes.flatMap(({ change }) => (change ? [entry(change, numbers)] : []));
  const left = [...changes.flatMap((change) => change.left), ...leftTables(before, after)];
  for (const name of left) numbers.migrationLeft(name);
  return { entries, numbers: numbers.all(), notes: left.map(note) };
}

interface ResourceChange {
  readonly change?: SchemaChange;
  readonly problems: readonly SchemaProblem[];
  readonly left: readonly string[];
}

function changeOf(resource: Resource, { resources }: ServiceModel, numbers: Numbers): readonly ResourceChange[] {
  const old = resources.find(({ name }) => name === resource.name);
  if (!resource.store.mysql) return [{ problems: old ? indexesChanged(old, resource) : [], left: [] }];
  if (!old) return [{ problems: leftBehind([resource.name], 'the table', resource, numbers), left: [] }];
  if (!old.store.mysql) return [];
  const { change, problems, left } = tableChange(old, resource);
  const added = resource.fields.filter(({ name }) => !old.fields.some((field) => field.name === name));
  const again = added.map(({ name }) => `${resource.name}/${name}`);
  return [
    {
      ...(change && { change }),
      problems: [...problems, ...leftBehind(again, 'the column', resource, numbers)],
      left: left.map((field) => `${resource.name}/${field}`),
    },
  ];
}

/** Documents need no step for a new field; their indexes are made by steps that may have run already. */
function indexesChanged(old: Resource, { name, uniqueFields, indexedFields }: Resource): readonly SchemaProblem[] {
  const kinds = (fields: readonly Field[]) => fields.map((field) => field.name);
  const had = new Set([...kinds(old.uniqueFields).map((field) => `unique ${field}`), ...kinds(old.indexedFields)]);
  const wanted = [...uniqueFields, ...indexedFields].filter(
    ({ name: field, unique }) => !had.has(unique ? `unique ${field}` : field),
  );
  return wanted.map(({ name: field }) => ({
    resource: name,
    field,
    message: 'an index of a collection that is there already has no step',
    hint: 'write a migration that makes the index, beside the others in migrations/, and leave it out of the manifest',
  }));
}

function leftTables({ resources }: ServiceModel, after: ServiceModel): readonly string[] {
  const gone = resources.filter(
    ({ name, store }) => store.mysql && !after.resources.some((each) => each.name === name),
  );
  return gone.map(({ name }) => name);
}

/** What was removed from the manifest is in the database still, perhaps in another form. */
function leftBehind(
  names: readonly string[],
  what: string,
  { name: resource }: Resource,
  numbers: Numbers,
): readonly SchemaProblem[] {
  return names
    .filter((name) => numbers.isLeft(name))
    .map((name) => ({
      resource,
      ...(name.includes('/') && { field: name.slice(name.indexOf('/') + 1) }),
      message: `${what} of ${name.replace('/', '.')} is still in the database, from before it was removed`,
      hint: 'take another name',
    }));
}

function entry({ name, tableSQL, up, down }: SchemaChange, numbers: Numbers): FileEntry {
  const { number, name: free } = numbers.freshMigration(name);
  const statement = (clauses: readonly string[]) => `ALTER TABLE ${tableSQL}\n  ${clauses.join(',\n  ')};\n`;
  return {
    path: `migrations/${migrationPrefix(number)}_${free}.sql`,
    body: `-- +goose Up\n${statement(up)}\n-- +goose Down\n${statement(down)}`,
    mode: 0o644,
    owner: 'mysql',
    class: 'yours',
  };
}

function note(name: string): string {
  const [resource = '', field] = name.split('/');
  const what = field === undefined ? `The table of ${resource}` : `The column of ${resource}.${field}`;
  return `${what} stays in the database, because the program of before still uses it. Drop it later, with a migration of your own.`;
}

function refusal(problems: readonly SchemaProblem[], file: string): UserError {
  const diagnostics = problems.map(({ message, hint }): Diagnostic => ({ file, line: 0, column: 0, message, hint }));
  return new UserError('the schema of a database with rows cannot follow the manifest', { diagnostics });
}
