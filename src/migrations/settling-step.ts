import type { Field, Resource, ServiceModel } from '../resolve/model.js';
import { migrationPrefix, numberNames, type StableNumber } from '../resolve/numbers.js';
import { sqlName } from '../resolve/sql-name.js';
import type { MigrationFile, TableHistory } from './schema-history.js';
import { alterTable, mysqlStep, type Step } from './step.js';

/**
 * Returns what settles something that was left in databases: a column or a table that is not in the manifest any more goes,
 * with what is in it, and a column that allows more than the manifest gets its form, unless a row does not fit. Undefined
 * when there is nothing to do.
 *
 * @param name `order/note` or `refund`, as it was left
 * @param files the migrations that are there
 * @param tables what they have made of MySQL's tables
 */
export function settlingStep(
  name: string,
  { resources, numbers }: Pick<ServiceModel, 'resources' | 'numbers'>,
  files: readonly MigrationFile[],
  tables: ReadonlyMap<string, TableHistory>,
): Step | undefined {
  const [owner = '', column] = name.split('/');
  const resource = resources.find((each) => each.name === owner);
  if (!resource || column === undefined) return resource ? undefined : dropped(owner, numbers, tables, files);
  const field = resource.fields.find((each) => each.column === column);
  if (resource.store.mongodb) return field ? undefined : unsetField(column, resource);
  const table = tables.get(resource.table);
  return field ? stricterColumn(field, resource, table) : droppedColumn(column, resource, table);
}

function droppedColumn(column: string, { table, tableSQL }: Resource, history?: TableHistory): Step {
  const keys = [...(history?.keys ?? [])].filter(([, line]) => line.includes(sqlName(column)));
  const definition = history?.columns.get(column);
  const drops = keys.map(
    ([key, line]) => `DROP ${line.startsWith('CONSTRAINT') ? 'CONSTRAINT' : 'KEY'} ${sqlName(key)}`,
  );
  const down =
    definition === undefined
      ? []
      : [`ADD COLUMN ${sqlName(column)} ${definition}`, ...keys.map(([, line]) => `ADD ${line}`)];
  return mysqlStep(
    `drop_${column}_of_${table}`,
    [alterTable(tableSQL, [...drops, `DROP COLUMN ${sqlName(column)}`])],
    down.length === 0
      ? '-- What the column was is not known here.\n'
      : `-- What was in it is gone.\n${alterTable(tableSQL, down)}`,
  );
}

/** First a check that fails, and changes nothing, when a row does not fit; MySQL would round numbers without a word. */
function stricterColumn(field: Field, { table, tableSQL, tableKeys }: Resource, history?: TableHistory): Step {
  const { column, columnSQL, checkName } = field;
  const before = history?.columns.get(column);
  const guard = sqlName(`${table}_${column}_fits`.slice(-64));
  const check = tableKeys.find((line) => line.startsWith(`CONSTRAINT ${sqlName(checkName)} `));
  const old = history?.keys.get(checkName);
  const isStricter = check !== undefined && check !== old;
  const modify = before === field.sqlColumn ? [] : [`MODIFY COLUMN ${columnSQL} ${field.sqlColumn}`];
  const condition = fits(field);
  const first = condition === '' ? [] : [alterTable(tableSQL, [`ADD CONSTRAINT ${guard} CHECK (${condition})`])];
  const up = [
    ...(first.length > 0 ? [`DROP CONSTRAINT ${guard}`] : []),
    ...(isStricter && old !== undefined ? [`DROP CONSTRAINT ${sqlName(checkName)}`] : []),
    ...(isStricter ? [`ADD ${check}`] : []),
    ...modify,
  ];
  const down = [
    ...(isStricter ? [`DROP CONSTRAINT ${sqlName(checkName)}`] : []),
    ...(isStricter && old !== undefined ? [`ADD ${old}`] : []),
    ...(modify.length > 0 && before !== undefined ? [`MODIFY COLUMN ${columnSQL} ${before}`] : []),
  ];
  return mysqlStep(
    `narrow_${column}_of_${table}`,
    [...first, alterTable(tableSQL, up)],
    down.length === 0 ? '' : alterTable(tableSQL, down),
  );
}

/** SQL condition of a value that the type of now can hold; empty where another check says so. */
function fits({ type, columnSQL, maxLength, precision, scale }: Field): string {
  if (type === 'string') return `CHAR_LENGTH(${columnSQL}) <= ${maxLength}`;
  if (type === 'text' || type === 'json') return `LENGTH(${columnSQL}) <= ${maxLength}`;
  if (type !== 'decimal') return '';
  return `ABS(${columnSQL}) < 1e${precision - scale} AND ${columnSQL} = ROUND(${columnSQL}, ${scale})`;
}

function unsetField(column: string, { table }: Resource): Step {
  const command = {
    update: table,
    updates: [{ q: { [column]: { $exists: true } }, u: { $unset: { [column]: '' } }, multi: true }],
  };
  return { name: `drop_${column}_of_${table}`, store: 'mongodb', body: `${JSON.stringify([command], undefined, 2)}\n` };
}

/** The resource is not in the manifest any more: the name of its first migration says what was made for it. */
function dropped(
  owner: string,
  numbers: readonly StableNumber[],
  tables: ReadonlyMap<string, TableHistory>,
  files: readonly MigrationFile[],
): Step | undefined {
  for (const [name, ending] of [
    [numberNames.table(owner), 'sql'],
    [numberNames.documents(owner), 'json'],
  ] as const) {
    const number = numbers.find((each) => each.name === name)?.number;
    const first = new RegExp(`^migrations/${migrationPrefix(number ?? 0)}_create_(\\w+)\\.${ending}$`);
    const table = files.map(({ path }) => first.exec(path)?.[1]).find((found) => found !== undefined);
    if (number === undefined || table === undefined) continue;
    if (ending === 'json')
      return { name: `drop_${table}`, store: 'mongodb', body: `${JSON.stringify([{ drop: table }])}\n` };
    const create = tables.get(table)?.create;
    const down =
      create === undefined ? '-- What the table was is not known here.\n' : `-- What was in it is gone.\n${create}\n`;
    return mysqlStep(`drop_${table}`, [`DROP TABLE ${sqlName(table)};\n`], down);
  }
  return undefined;
}
