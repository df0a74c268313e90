import { type Diagnostic, UserError } from '../errors.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import type { Resource, ServiceModel } from '../resolve/model.js';
import { type KnownNumbers, migrationPrefix, Numbers, numberNames, type StableNumber } from '../resolve/numbers.js';
import { collectionChange } from './collection-change.js';
import { indexesOf, indexesStep } from './indexes.js';
import { type SchemaProblem, tableChange } from './schema-change.js';
import { type MigrationFile, schemaHistory } from './schema-history.js';
import { settlingStep } from './settling-step.js';
import { alterTable, mysqlStep, type Step } from './step.js';

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
export function migrations(
  before: Rendered,
  after: Rendered,
  known: KnownNumbers,
  manifest: string,
  settling: Settling = { names: [], files: [] },
): Migrations {
  const { lastMigration, lastDocuments = 0 } = known;
  const numbers = new Numbers({ numbers: after.model.numbers, lastMigration, lastDocuments });
  const spent = before.model.api.grpc ? spentNames(known) : [];
  const changes = after.model.resources.map((resource) => changeOf(resource, before, after, numbers, spent));
  const problems = changes.flatMap((change) => change.problems);
  if (problems.length > 0) throw refusal(problems, manifest);
  const entries = changes.flatMap(({ step }) => (step ? [entry(step, numbers)] : []));
  const left = [...changes.flatMap((change) => change.left), ...leftResources(before.model, after.model)];
  const settled = settlingNames(settling.names, numbers, known);
  const tables = schemaHistory(settling.files);
  const settlingSteps = settled.flatMap((name) => settlingStep(name, after.model, settling.files, tables) ?? []);
  entries.push(...settlingSteps.map((step) => entry(step, numbers)));
  for (const name of settled) numbers.migrationSettled(name);
  for (const name of left) numbers.migrationLeft(name);
  return {
    entries,
    numbers: numbers.all(),
    notes: [...left.map((name) => note(name, after.model)), ...settled.map(loss)],
  };
}

/** What of the databases shall become as strict as the manifest. */
export interface Settling {
  /** `order.note`, `refund`, or `all`. */
  readonly names: readonly string[];
  /** The migrations that are there. */
  readonly files: readonly MigrationFile[];
}

/**
 * Returns what is to be settled, as it was left.
 *
 * @throws UserError for a name of which nothing is left, or whose change was not committed: then the program of before still runs
 */
function settlingNames(names: readonly string[], numbers: Numbers, { unpublished }: KnownNumbers): readonly string[] {
  const left = numbers.left();
  const wanted = names.includes('all') ? left : names.map((name) => name.replace('.', '/'));
  const unknown = wanted.find((name) => !left.includes(name));
  if (unknown !== undefined) {
    const allowed = left.length === 0 ? 'nothing is left in databases' : left.map(shown).join(', ');
    throw new UserError(`nothing of ${shown(unknown)} is left in databases`, { hint: `--settle takes: ${allowed}` });
  }
  const early = wanted.find((name) => unpublished?.has(numberNames.left(name)));
  if (early === undefined) return wanted;
  throw new UserError(`${shown(early)} cannot be settled yet: the change that left it is not committed`, {
    exitCode: 3,
    hint: 'commit it, and roll it out: what serves now may still use it',
  });
}

function shown(name: string): string {
  return name.replace('/', '.');
}

interface ResourceChange {
  readonly step?: Step;
  readonly problems: readonly SchemaProblem[];
  /** Names of fields, `order/gift`. */
  readonly left: readonly string[];
}

function changeOf(
  resource: Resource,
  before: Rendered,
  after: Rendered,
  numbers: Numbers,
  spent: readonly string[],
): ResourceChange {
  const old = before.model.resources.find(({ name }) => name === resource.name);
  if (!old) return { problems: comingBack([resource.name], resource, numbers, spent), left: [] };
  if (old.store.name !== resource.store.name) return { problems: [moved(old, resource)], left: [] };
  const { step, problems, left } = resource.store.mysql
    ? tableStep(old, resource, (column) => numbers.isLeft(`${resource.name}/${column}`))
    : collectionStep(old, resource, before.tree, after.tree);
  const added = resource.fields.filter(({ column }) => !old.fields.some((field) => field.column === column));
  const again = added.map(({ column }) => `${resource.name}/${column}`);
  return {
    ...(step && { step }),
    problems: [...problems, ...comingBack(again, resource, numbers, spent)],
    left: left.map((field) => `${resource.name}/${field}`),
  };
}

function tableStep(before: Resource, after: Resource, isLeft: (column: string) => boolean): ResourceChange {
  const { change, problems, left } = tableChange(before, after, isLeft);
  if (!change) return { problems, left };
  const { name, tableSQL, up, down } = change;
  return { step: mysqlStep(name, [alterTable(tableSQL, up)], alterTable(tableSQL, down)), problems, left };
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

/** Resources and fields, `order` and `order/gift`, that callers may know a number of in protobuf. */
function spentNames({ numbers, unpublished }: KnownNumbers): readonly string[] {
  const names = numbers.flatMap(({ name }) => (unpublished?.has(name) ? [] : [name.split('/')]));
  return names.flatMap(([family, resource = '', field]) =>
    family === 'proto' ? [resource, `${resource}/${field}`] : [],
  );
}

/**
 * What was removed from the manifest is in the database still, perhaps in another form; and a number in protobuf means one
 * thing for ever, so what had one cannot come back as something else.
 */
function comingBack(
  names: readonly string[],
  { name: resource }: Resource,
  numbers: Numbers,
  spent: readonly string[],
): readonly SchemaProblem[] {
  return names
    .filter((name) => numbers.isLeft(name) || spent.includes(name))
    .map((name) => ({
      resource,
      ...(name.includes('/') && { field: name.slice(name.indexOf('/') + 1) }),
      message: numbers.isLeft(name)
        ? `what ${shown(name)} was before it was removed is still in the database`
        : `${shown(name)} was removed, and its numbers in protobuf stay reserved`,
      hint: 'take another name',
    }));
}

function entry({ name, store, body }: Step, numbers: Numbers): FileEntry {
  const [nameOf, ending] = store === 'mysql' ? [numberNames.step, 'sql'] : [numberNames.documentsStep, 'json'];
  const { number, name: free } = numbers.freshMigration(name, nameOf);
  const path = `migrations/${migrationPrefix(number)}_${free}.${ending}`;
  return { path, body, mode: 0o644, owner: store, class: 'yours' };
}

function note(name: string, { resources }: ServiceModel): string {
  const [owner, column] = name.split('/');
  const isThere = resources.some((each) => each.name === owner && each.fields.some((field) => field.column === column));
  const what = isThere
    ? `The database allows ${shown(name)} what it allowed before`
    : `What there is of ${shown(name)} stays in the database`;
  return `${what}, because the program of before still uses it. Once that is gone: create-service update --settle ${shown(name)}`;
}

function loss(name: string): string {
  return `Settling ${shown(name)} cannot be taken back: what the manifest does not allow is lost, or, where a row does not fit, the migration fails and changes nothing.`;
}

function refusal(problems: readonly SchemaProblem[], file: string): UserError {
  const diagnostics = problems.map(({ message, hint }): Diagnostic => ({ file, line: 0, column: 0, message, hint }));
  return new UserError('the schema of a database with rows cannot follow the manifest', { diagnostics });
}
