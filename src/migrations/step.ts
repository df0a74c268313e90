/** A migration that has no number yet. */
export interface Step {
  /** For the file's name: `add_gift_to_orders`. */
  readonly name: string;
  readonly store: 'mysql' | 'mongodb';
  /** Text of the file. */
  readonly body: string;
}

/** Returns a step for MySQL, in goose's form. */
export function mysqlStep(name: string, up: readonly string[], down: string): Step {
  return { name, store: 'mysql', body: `-- +goose Up\n${up.join('\n')}\n-- +goose Down\n${down}` };
}

/** Returns one statement of these clauses. */
export function alterTable(tableSQL: string, clauses: readonly string[]): string {
  return `ALTER TABLE ${tableSQL}\n  ${clauses.join(',\n  ')};\n`;
}
