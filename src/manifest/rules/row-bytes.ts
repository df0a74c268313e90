import type { DraftField } from '../grammar.js';

/** Bytes of a fixed-length column. Source: MySQL manual, "Data Type Storage Requirements". */
const fixed: Readonly<Record<string, number>> = {
  int32: 4,
  int64: 8,
  float64: 8,
  bool: 1,
  uuid: 16,
  timestamp: 8,
  date: 3,
  text: 11,
  json: 12,
};

/** Returns how many bytes of MySQL's row a field may take. */
export function rowBytes({ type, max = 0, precision = 0, values = [] }: DraftField): number {
  switch (type) {
    case 'string':
      return Number(max) * 4 + 2;
    case 'enum':
      return Math.max(0, ...values.map((value) => value.length)) * 4 + 1;
    case 'decimal':
      return Math.ceil(precision / 9) * 4 + 4;
    default:
      return fixed[type ?? ''] ?? 0;
  }
}
