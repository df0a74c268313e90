import type { Field } from '../resolve/model.js';

/** Whether a column can become another one while rows are there and the program of before serves. */
export type ColumnChange = 'same' | 'modify' | { readonly problem: string; readonly hint: string };

/** Compares a column of before with one of now. */
export function columnChange(before: Field, after: Field): ColumnChange {
  const type = typeChange(before, after);
  if (typeof type === 'object') return type;
  if (before.nullable && !after.nullable) {
    const problem = 'becomes required, but there may be some without a value';
    const hint = 'leave it optional, or add a required field with a default under another name';
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
    const hint =
      'there may be some that have it: move them to another value and write the migration yourself, or keep it';
    return { problem: `loses the value ${lost.map(({ value }) => value).join(', ')}`, hint };
  }
  if (isNarrower(before, after)) {
    const hint = 'there may be longer values: check them, and write the migration yourself';
    return { problem: `becomes narrower, ${sizeOf(before)} to ${sizeOf(after)}`, hint };
  }
  return before.sqlType === after.sqlType ? 'same' : 'modify';
}

function isNarrower(before: Field, after: Field): boolean {
  if (before.type === 'decimal') {
    return after.scale < before.scale || after.precision - after.scale < before.precision - before.scale;
  }
  return before.maxLength > after.maxLength;
}

function sizeOf({ type, precision, scale, maxLength }: Field): string {
  return type === 'decimal' ? `decimal(${precision},${scale})` : `${type}(${maxLength})`;
}
