import { type Diagnostic, UserError } from '../errors.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import type { Resource, ServiceModel } from '../resolve/model.js';
import { type KnownNumbers, migrationPrefix, Numbers, numberNames, type StableNumber } from '../resolve/numbers.js';
import { collectionChange } from './collection-change.js';
import { indexesOf, indexesStep } from './indexes.js';
import { type SchemaProblem, tableChange } from './schema-change.js';

/** A service as the templates give it. */
export interface Rendered {
  readonly model: ServiceModel;
  readonly tree: FileTree;
}

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
 * @param before what databases may have the schema of
 * @param known the highest numbers on the disk
 * @param manifest its name in error messages
 * @throws UserError with every change that no step can make while rows are there and the program of before serves
 */
export function migrations(before: Rendered, after: Rendered, known: KnownNumbers, manifest: string): Migrations {
  const { lastMigration, lastDocuments = 0 } = known;
  const numbers = new Numbers({ numbers: after.model.numbers, lastMigration, lastDocuments });
  const changes = after.model.resources.map((resource) => changeOf(resource, before, after, numbers));
  const problems = changes.flatMap((change) => change.problems);
  if (problems.length > 0) throw refusal(problems, manifest);
  const entries = changes.flatMap(({ step }) => (step ? [entry(step, numbers)] : []));
  const left = [...changes.flatMap((change) => change.left), ...leftResources(before.model, after.model)];
  for (const name of left) numbers.migrationLeft(name);
  return { entries, numbers: numbers.all(), notes: left.map(note) };
}

/** A migration that has no number yet. */
interface Step {
  readonly name: string;
  readonly store: 'mysql' | 'mongodb';
  readonly body: string;
}

interface ResourceChange {
  readonly step?: Step;
  readonly problems: readonly SchemaProblem[];
  /** Names of fields, `order/gift`. */
  readonly left: readonly string[];
}

function changeOf(resource: Resource, before: Rendered, after: Rendered, numbers: Numbers): ResourceChange {
  const old = before.model.resources.find(({ name }) => name === resource.name);
  if (!old) return { problems: leftBehind([resource.name], resource, numbers), left: [] };
  if (old.store.name !== resource.store.name) return { problems: [moved(old, resource)], left: [] };
  const { step, problems, left } = resource.store.mysql
    ? tableStep(old, resource)
    : collectionStep(old, resource, before.tree, after.tree);
  const added = resource.fields.filter(({ column }) => !old.fields.some((field) => field.column === column));
  const again = added.map(({ column }) => `${resource.name}/${column}`);
  return {
    ...(step && { step }),
    problems: [...problems, ...leftBehind(again, resource, numbers)],
    left: left.map((field) => `${resource.name}/${field}`),
  };
}

function tableStep(before: Resource, after: Resource): ResourceChange {
  const { change, problems, left } = tableChange(before, after);
  if (!change) return { problems, left };
  const statement = (clauses: readonly string[]) => `ALTER TABLE ${change.tableSQL}\n  ${clauses.join(',\n  ')};\n`;
  const body = `-- +goose Up\n${statement(change.up)}\n-- +goose Down\n${statement(change.down)}`;
  return { step: { name: change.name, store: 'mysql', body }, problems, left };
}

function collectionStep(before: Resource, after: Resource, had: FileTree, wanted: FileTree): ResourceChange {
  const { gone, come, problems, left } = collectionChange(
    before,
    after,
    indexesOf(before, had),
    indexesOf(after, wanted),
  );
  if (gone.length + come.length === 0) return { problems, left };
  const body = indexesStep(after.table, gone, come);
  return { step: { name: `change_indexes_of_${after.table}`, store: 'mongodb', body }, problems, left };
}

function moved({ store: before }: Resource, { name, store }: Resource): SchemaProblem {
  return {
    resource: name,
    message: `${name} would be in ${store.name}, but what there is of it is in ${before.name}`,
    hint: 'add a resource of another name there, move everything, then remove this one',
  };
}

function leftResources({ resources }: ServiceModel, after: ServiceModel): readonly string[] {
  return resources.filter(({ name }) => !after.resources.some((each) => each.name === name)).map(({ name }) => name);
}

/** What was removed from the manifest is in the database still, perhaps in another form. */
function leftBehind(
  names: readonly string[],
  { name: resource }: Resource,
  numbers: Numbers,
): readonly SchemaProblem[] {
  return names
    .filter((name) => numbers.isLeft(name))
    .map((name) => ({
      resource,
      ...(name.includes('/') && { field: name.slice(name.indexOf('/') + 1) }),
      message: `what ${name.replace('/', '.')} was before it was removed is still in the database`,
      hint: 'take another name',
    }));
}

function entry({ name, store, body }: Step, numbers: Numbers): FileEntry {
  const [nameOf, ending] = store === 'mysql' ? [numberNames.step, 'sql'] : [numberNames.documentsStep, 'json'];
  const { number, name: free } = numbers.freshMigration(name, nameOf);
  const path = `migrations/${migrationPrefix(number)}_${free}.${ending}`;
  return { path, body, mode: 0o644, owner: store, class: 'yours' };
}

function note(name: string): string {
  const what = name.replace('/', '.');
  return `What there is of ${what} stays in the database, because the program of before still uses it. Drop it later, with a migration of your own.`;
}

function refusal(problems: readonly SchemaProblem[], file: string): UserError {
  const diagnostics = problems.map(({ message, hint }): Diagnostic => ({ file, line: 0, column: 0, message, hint }));
  return new UserError('the schema of a database with rows cannot follow the manifest', { diagnostics });
}
