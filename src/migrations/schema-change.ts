import type { Field, Resource } from '../resolve/model.js';
import { type ColumnChange, columnChange } from './column-change.js';
import { renameProblems } from './rename-problems.js';
import { sqlDefault } from './sql-default.js';

/** One step of the schema that a manifest's change asks for. */
export interface SchemaChange {
  /** For the file's name: `add_gift_to_orders`. */
  readonly name: string;
  readonly resource: string;
  /** Clauses of ALTER TABLE, up and down. */
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly tableSQL: string;
}

/** What no step can do, and what a person can do instead. */
export interface SchemaProblem {
  readonly resource: string;
  readonly field?: string;
  readonly message: string;
  readonly hint: string;
}

/** What becomes of one table. */
export interface TableChange {
  readonly change?: SchemaChange;
  readonly problems: readonly SchemaProblem[];
  /** Fields whose columns stay in the table, because the program of before still writes them. */
  readonly left: readonly string[];
}

interface Clauses {
  readonly up: string[];
  readonly down: string[];
}

/**
 * Returns what brings the table of a resource from one form to another, with rows in it and with the program of before still
 * serving: a column that is gone from the manifest stays and takes NULL, one that allows less stays as it is, and a new one is
 * null or has a default.
 *
 * @param isLeft tells whether a column allows more than the manifest since an earlier update
 */
export function tableChange(
  before: Resource,
  after: Resource,
  isLeft: (column: string) => boolean = () => false,
): TableChange {
  const problems: SchemaProblem[] = [];
  const clauses: Clauses = { up: [], down: [] };
  const report = (field: string, message: string, hint: string) =>
    problems.push({ resource: after.name, field, message: `the field ${field} of ${after.name} ${message}`, hint });
  if (before.table !== after.table) {
    const message = `the table of ${after.name} would be called ${after.table} instead of ${before.table}`;
    problems.push({ resource: after.name, message, hint: 'say `plural:` so that the name stays' });
  }
  const added = after.fields.filter((field) => !find(before, field));
  const left = before.fields.filter((field) => !find(after, field));
  problems.push(...renameProblems(before, after));
  for (const field of added) addColumn(field, clauses, report);
  for (const field of left) relaxColumn(field, clauses);
  const looser = after.fields.filter(
    (field) => changeColumn(find(before, field), field, clauses, report, isLeft) === 'later',
  );
  const keptAsIs = [...left, ...looser];
  changeKeys(before, after, keptAsIs, clauses);
  if (clauses.up.length === 0 || problems.length > 0) return { problems, left: keptAsIs.map(({ column }) => column) };
  const change = {
    name: nameOfStep(before, after, added, left),
    resource: after.name,
    tableSQL: after.tableSQL,
    up: clauses.up,
    down: clauses.down.reverse(),
  };
  return { change, problems, left: keptAsIs.map(({ column }) => column) };
}

/** What only adds is named after it. */
function nameOfStep(before: Resource, after: Resource, added: readonly Field[], left: readonly Field[]): string {
  const others = after.fields.filter((field) => !added.includes(field));
  const isOnlyMore = left.length === 0 && others.every((field) => find(before, field)?.sqlColumn === field.sqlColumn);
  const [first, ...more] = added;
  if (!isOnlyMore || !first) return `change_${after.table}`;
  return more.length === 0 ? `add_${first.column}_to_${after.table}` : `add_fields_to_${after.table}`;
}

type Report = (field: string, message: string, hint: string) => void;

function addColumn(field: Field, { up, down }: Clauses, report: Report): void {
  const fallback = sqlDefault(field);
  if (!field.nullable && fallback === undefined) {
    report(
      field.name,
      'is required, but rows are there already',
      'give it a default or a backfill, or make it optional',
    );
    return;
  }
  up.push(`ADD COLUMN ${columnOf(field)}`);
  down.push(`DROP COLUMN ${field.columnSQL}`);
}

function relaxColumn(field: Field, { up, down }: Clauses): void {
  if (field.nullable) return;
  up.push(`MODIFY COLUMN ${field.columnSQL} ${field.sqlType} NULL`);
  down.push(`MODIFY COLUMN ${columnOf(field)}`);
}

/** A column that must have a value has its default in the database too, for who writes without it. */
function columnOf(field: Field): string {
  const fallback = field.nullable ? undefined : sqlDefault(field);
  return `${field.columnSQL} ${field.sqlColumn}${fallback === undefined ? '' : ` DEFAULT ${fallback}`}`;
}

function changeColumn(
  before: Field | undefined,
  after: Field,
  { up, down }: Clauses,
  report: Report,
  isLeft: (column: string) => boolean,
): ColumnChange | undefined {
  if (!before) return undefined;
  const change = columnChange(before, after);
  if (typeof change === 'object') report(after.name, change.problem, change.hint);
  if (typeof change === 'object' || change === 'later') return change;
  if (isLeft(after.column) && (change === 'modify' || before.sqlCheck !== after.sqlCheck))
    report(after.name, 'changes, but its column still has an earlier form', 'run create-service update --settle first');
  if (change === 'same') return change;
  up.push(`MODIFY COLUMN ${columnOf(after)}`);
  down.push(`MODIFY COLUMN ${columnOf(before)}`);
  return change;
}

/** Keys and checks of a column that stays as it is stay with it. */
function changeKeys(before: Resource, after: Resource, left: readonly Field[], { up, down }: Clauses): void {
  const isOfLeft = (line: string) =>
    left.some(({ indexName, checkName }) => line.includes(`\`${indexName}\``) || line.includes(`\`${checkName}\``));
  const gone = before.tableKeys.filter((line) => !after.tableKeys.includes(line) && !isOfLeft(line));
  const come = after.tableKeys.filter((line) => !before.tableKeys.includes(line) && !isOfLeft(line));
  for (const line of gone) {
    up.push(`DROP ${nameOf(line)}`);
    down.push(`ADD ${line}`);
  }
  for (const line of come) {
    up.push(`ADD ${line}`);
    // A key that is only of a column that goes down goes with it.
    down.push(`DROP ${nameOf(line)}`);
  }
}

/** Returns `KEY name` or `CONSTRAINT name` of a line of CREATE TABLE. */
function nameOf(line: string): string {
  const [, constraint, name = ''] = /^(?:(CONSTRAINT)|(?:UNIQUE )?KEY) (`[^`]*`)/.exec(line) ?? [];
  return `${constraint ?? 'KEY'} ${name}`;
}

/** Fields are known by their columns, which they keep when they are renamed. */
function find({ fields }: Resource, { column }: Field): Field | undefined {
  return fields.find((field) => field.column === column);
}
