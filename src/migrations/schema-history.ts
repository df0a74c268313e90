/** A file of `migrations/`. */
export interface MigrationFile {
  readonly path: string;
  readonly text: string;
}

/** What the migrations have made of one table. */
export interface TableHistory {
  /** Definitions of the columns by name, without it: `VARCHAR(254) NOT NULL`. */
  readonly columns: ReadonlyMap<string, string>;
  /** Keys and constraints by name, as in CREATE TABLE. */
  readonly keys: ReadonlyMap<string, string>;
  /** The statement that made it. */
  readonly create: string;
}

interface Draft {
  readonly columns: Map<string, string>;
  readonly keys: Map<string, string>;
  create: string;
}

/**
 * Reads what MySQL's tables are from the steps that made them, by name. It knows the form in which this tool writes steps;
 * of what people wrote in another form it knows nothing.
 *
 * @param files all of `migrations/`, in their order
 */
export function schemaHistory(files: readonly MigrationFile[]): ReadonlyMap<string, TableHistory> {
  const tables = new Map<string, Draft>();
  for (const { text } of files.filter(({ path }) => path.endsWith('.sql'))) {
    const [up = ''] = text.split('-- +goose Down');
    for (const [statement, name = ''] of up.matchAll(
      /^(?:CREATE TABLE(?: IF NOT EXISTS)?|ALTER TABLE) `(\w+)`[^;]*;/gm,
    )) {
      const table = tables.get(name) ?? { columns: new Map(), keys: new Map(), create: '' };
      tables.set(name, table);
      if (statement.startsWith('CREATE')) table.create = statement;
      for (const line of statement.split('\n').slice(1)) apply(line.trim().replace(/[,;]$/, ''), table);
    }
    for (const [, name = ''] of up.matchAll(/^DROP TABLE `(\w+)`;/gm)) tables.delete(name);
  }
  return tables;
}

function apply(clause: string, { columns, keys }: Draft): void {
  const [, column, definition] = /^(?:ADD COLUMN |MODIFY COLUMN )?`(\w+)` (.+)$/.exec(clause) ?? [];
  const [, line, key] = /^(?:ADD )?((?:(?:UNIQUE )?KEY|CONSTRAINT) `(\w+)` .+)$/.exec(clause) ?? [];
  const [, what, gone] = /^DROP (COLUMN|KEY|CONSTRAINT) `(\w+)`$/.exec(clause) ?? [];
  if (column !== undefined && definition !== undefined) columns.set(column, definition);
  if (key !== undefined && line !== undefined) keys.set(key, line);
  if (gone !== undefined) (what === 'COLUMN' ? columns : keys).delete(gone);
}
