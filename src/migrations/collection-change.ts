import type { Field, Resource } from '../resolve/model.js';
import { columnChange } from './column-change.js';
import type { Index } from './indexes.js';
import { renameProblems } from './rename-problems.js';
import type { SchemaProblem } from './schema-change.js';

/** What becomes of one collection of MongoDB. */
export interface CollectionChange {
  /** Names of indexes that go; one that changes goes, too. */
  readonly gone: readonly string[];
  readonly come: readonly Index[];
  readonly problems: readonly SchemaProblem[];
  /** Fields that the documents keep, because the program of before still writes them. */
  readonly left: readonly string[];
}

/**
 * Returns what brings the collection of a resource from one form to another, with documents in it and with the program of
 * before still serving. Only indexes need a step: no document is written anew, so a new field must make sense in documents
 * that lack it.
 */
export function collectionChange(
  before: Resource,
  after: Resource,
  had: readonly Index[],
  wanted: readonly Index[],
): CollectionChange {
  const left = before.fields.filter((field) => !find(after, field));
  const isOfLeft = (index: Index) => left.some(({ indexName }) => indexName === index.name);
  const isIn = (indexes: readonly Index[], { text }: Index) => indexes.some((index) => index.text === text);
  return {
    gone: had.filter((index) => !isIn(wanted, index) && !isOfLeft(index)).map(({ name }) => name),
    come: wanted.filter((index) => !isIn(had, index)),
    problems: [
      ...renamed(before, after),
      ...renameProblems(before, after),
      ...after.fields.flatMap((field) => problemsOf(field, before, after)),
    ],
    left: left.map(({ column }) => column),
  };
}

function renamed({ table: before }: Resource, { name, table }: Resource): readonly SchemaProblem[] {
  if (before === table) return [];
  const message = `the collection of ${name} would be called ${table} instead of ${before}`;
  return [{ resource: name, message, hint: 'say `plural:` so that the name stays' }];
}

function problemsOf(field: Field, before: Resource, { name: resource }: Resource): readonly SchemaProblem[] {
  const old = find(before, field);
  const change = old ? columnChange(old, field) : lack(field);
  if (typeof change !== 'object') return [];
  const message = `the field ${field.name} of ${resource} ${change.problem}`;
  return [{ resource, field: field.name, message, hint: change.hint }];
}

/** A value that is not there reads as null, or as the zero of its type; queries find it as neither. */
function lack(field: Field): 'same' | { readonly problem: string; readonly hint: string } {
  if (field.nullable || (isZero(field) && !field.filterable)) return 'same';
  const hint = 'make it optional; or, without index, give it the default 0, false or ""';
  return { problem: 'needs a value, but documents are there already that have none', hint };
}

function isZero({ type, default: value }: Field): boolean {
  if (!value) return false;
  switch (type) {
    case 'int32':
    case 'int64':
    case 'float64':
    case 'decimal':
      return Number(value.text) === 0;
    case 'bool':
      return value.text === 'false';
    case 'string':
    case 'text':
      return value.text === '';
    default:
      return false;
  }
}

/** Fields are known by the names that documents have, which they keep when they are renamed. */
function find({ fields }: Resource, { column }: Field): Field | undefined {
  return fields.find((field) => field.column === column);
}
