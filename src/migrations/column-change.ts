import type { Field } from '../resolve/model.js';

/** Whether a column can become another one while rows are there and the program of before serves. */
export type ColumnChange = 'same' | 'modify' | { readonly problem: string; readonly hint: string };

/** Compares a column of before with one of now. */
export function columnChange(before: Field, after: Field): ColumnChange {
  const type = typeChange(before, after);
  if (typeof type === 'object') return type;
  if (before.nullable && !after.nullable) {
    const problem = 'becomes required, but rows may have no value';
    const hint = 'write a migration that fills them and makes the column NOT NULL, then say so in the manifest';
    return { problem, hint };
  }
  return before.sqlColumn === after.sqlColumn ? 'same' : type === 'same' ? 'modify' : type;
}

function typeChange(before: Field, after: Field): ColumnChange {
  if (before.type !== after.type) {
    const hint = 'add a field of the new type under another name, move the values, then remove this one';
    return { problem: `changes its type from ${before.type} to ${after.type}`, hint };
  }
  const lost = before.values.filter(({ value }) => !after.values.some((other) => other.value === value));
  if (lost.length > 0) {
    const hint = 'rows may hold it: move them to another value and write the migration yourself, or keep it';
    return { problem: `loses the value ${lost.map(({ value }) => value).join(', ')}`, hint };
  }
  if (isNarrower(before, after)) {
    const hint = 'rows may hold longer values: check them, and write the migration yourself';
    return { problem: `becomes narrower, ${before.sqlType} to ${after.sqlType}`, hint };
  }
  return before.sqlType === after.sqlType ? 'same' : 'modify';
}

function isNarrower(before: Field, after: Field): boolean {
  if (before.type === 'decimal') {
    return after.scale < before.scale || after.precision - after.scale < before.precision - before.scale;
  }
  return before.maxLength > after.maxLength;
}
