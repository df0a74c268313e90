import { bounded } from '../text/bounded.js';
import type { Field } from './field-model.js';
import type { Resource } from './resource-model.js';
import { sqlName } from './sql-name.js';

type Statements = Pick<
  Resource,
  'columnsSQL' | 'insertSQL' | 'updateSQL' | 'takenSQL' | 'takenVars' | 'takenScan' | 'tableKeys'
>;

/** What the SQL of a resource follows from. */
export interface TableOwner {
  readonly table: string;
  readonly fields: readonly Field[];
  readonly changingFields: readonly Field[];
  readonly isListed: boolean;
}

/** Returns the SQL of a resource's table, for MySQL and MariaDB. */
export function statements({ table, fields, changingFields, isListed }: TableOwner): Statements {
  const name = sqlName(table);
  const columns = ['`id`', ...fields.map((field) => field.columnSQL), '`created_at`', '`updated_at`', '`version`'];
  const parameters = columns.map(() => '?');
  const changes = [...changingFields.map((field) => `${field.columnSQL} = ?`), '`updated_at` = ?', '`version` = ?'];
  const unique = fields.filter((field) => field.unique);
  return {
    columnsSQL: columns.join(', '),
    insertSQL: `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${parameters.join(', ')})`,
    updateSQL: `UPDATE ${name} SET ${changes.join(', ')} WHERE \`id\` = ?`,
    takenSQL: unique.length === 0 ? '' : `SELECT ${unique.map((field) => taken(name, field)).join(', ')}`,
    takenVars: unique.map((field) => field.goVar).join(', '),
    takenScan: unique.map((field) => `&${field.goVar}`).join(', '),
    tableKeys: keys(table, fields, isListed),
  };
}

function taken(table: string, { filterSQL }: Field): string {
  return `EXISTS(SELECT 1 FROM ${table} WHERE ${filterSQL} AND \`id\` <> ?)`;
}

/** Keys of sorted lists end in the id, which makes the order total. */
function keys(table: string, fields: readonly Field[], isListed: boolean): readonly string[] {
  const sorted = (name: string, column: string) => `KEY ${sqlName(name)} (${sqlName(column)}, \`id\`)`;
  const times = isListed ? ['created_at', 'updated_at'] : [];
  return [
    'PRIMARY KEY (`id`)',
    ...times.map((column) => sorted(bounded(`${table}_${column}`, 64), column)),
    ...fields.filter((each) => each.index && !each.unique).map((each) => sorted(each.indexName, each.column)),
    ...fields.filter((each) => each.unique).map((each) => `UNIQUE KEY ${sqlName(each.indexName)} (${each.columnSQL})`),
    ...fields
      .filter((each) => each.sqlCheck !== '')
      .map((each) => `CONSTRAINT ${sqlName(each.checkName)} CHECK (${each.sqlCheck})`),
  ];
}
