import type { Field } from '../resolve/model.js';

/**
 * Whether a column can become another one while rows are there and the program of before serves. `later`: the column keeps
 * its form, which allows more, until that program is gone.
 */
export type ColumnChange = 'same' | 'modify' | 'later' | { readonly problem: string; readonly hint: string };

/** Compares a column of before with one of now. */
export function columnChange(before: Field, after: Field): ColumnChange {
  const type = typeChange(before, after);
  if (typeof type === 'object') return type;
  if (before.nullable && !after.nullable) {
    const problem = 'becomes required, but there may be some without a value';
    const hint = 'leave it optional, or add a required field with a default under another name';
    return { problem, hint };
  }
  const isMore = (['nullable', 'index', 'unique'] as const).some((key) => before[key] !== after[key]);
  if (type === 'later' && isMore) {
    return { problem: 'allows less, and changes otherwise too', hint: 'make one change after the other' };
  }
  if (type === 'later') return 'later';
  return before.sqlColumn === after.sqlColumn ? 'same' : type === 'same' ? 'modify' : type;
}

function typeChange(before: Field, after: Field): ColumnChange {
  if (before.type !== after.type) {
    const hint =
      'add a field of the new type under another name and move the values; in the next update remove this one, and give its name to the other with was';
    return { problem: `changes its type from ${before.type} to ${after.type}`, hint };
  }
  const lost = before.values.filter(({ value }) => !after.values.some((other) => other.value === value));
  if (lost.length > 0) {
    const isMore = after.values.some(({ value }) => !before.values.some((other) => other.value === value));
    const hint = 'add values first, and take values away afterwards';
    return isMore
      ? { problem: `loses the value ${lost.map(({ value }) => value).join(', ')} and gets others`, hint }
      : 'later';
  }
  if (isNarrower(before, after)) {
    const isWider = after.precision - after.scale > before.precision - before.scale || after.scale > before.scale;
    const hint = 'make it wider first, and narrower afterwards';
    if (isWider) return { problem: 'gets more digits on one side of the point and fewer on the other', hint };
    return before.sqlType === after.sqlType ? 'same' : 'later';
  }
  return before.sqlType === after.sqlType ? 'same' : 'modify';
}

function isNarrower(before: Field, after: Field): boolean {
  if (before.type === 'decimal') {
    return after.scale < before.scale || after.precision - after.scale < before.precision - before.scale;
  }
  return before.maxLength > after.maxLength;
}
