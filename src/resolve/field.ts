import type { DraftField } from '../manifest/grammar.js';
import { goEnumType, goFieldName } from '../names/go-names.js';
import { bounded } from '../text/bounded.js';
import { pascal } from '../text/case.js';
import { goString } from '../text/quote.js';
import type { EnumValue, Examples, Field, FieldType, Literal, SchemaLine } from './field-model.js';
import type { FieldKind, FieldSpec, Written } from './fields/kind.js';
import { fieldKinds } from './fields/kinds.js';
import { plainText } from './fields/text.js';
import { names } from './names.js';
import type { Names } from './names-model.js';
import type { PlainField } from './proto.js';
import { sqlName } from './sql-name.js';

/** What a field needs to know about its resource. */
export interface FieldOwner {
  readonly resource: string;
  readonly goPackage: string;
  readonly table: string;
  readonly receiver: string;
  /** Go packages of all resources. */
  readonly packages: ReadonlySet<string>;
}

/** Types whose `min` and `max` are values; elsewhere they are lengths. */
const hasBounds: ReadonlySet<string> = new Set(['int32', 'int64', 'float64', 'decimal']);

/** Longest identifier of MySQL. */
const longestIdentifier = 64;

/** Returns everything that templates ask about a field. The manifest was checked: every option fits the type. */
export function field(name: string, written: DraftField & { readonly type: FieldType }, owner: FieldOwner): PlainField {
  const kind = fieldKinds[written.type];
  const ownNames = names(name, new Set([...owner.packages, owner.receiver]));
  const spec = fieldSpec(ownNames, written, owner);
  const flags = fieldFlags(written, kind);
  return {
    name,
    names: ownNames,
    description: written.description ?? '',
    type: written.type,
    is: isType(written.type),
    ...flags,
    ...goFacts(spec, kind, flags.nullable, ownNames.goVar),
    ...textFacts(spec, kind, owner.receiver),
    ...sqlFacts(spec, kind, flags.nullable, owner),
    ...schemaFacts(spec, kind, flags.nullable),
    ...ruleFacts(spec, kind),
    values: spec.enumValues,
    examples: examples(spec, kind, written.type),
  };
}

function fieldSpec(own: Names, written: DraftField, { resource, goPackage }: FieldOwner): FieldSpec {
  const enumType = goEnumType(own.written, resource);
  const value = (text: string): EnumValue => {
    const goConst = enumType + pascal(text);
    return { names: names(text), value: text, goConst, goConstOutside: `${goPackage}.${goConst}` };
  };
  return {
    ...written,
    name: own.written,
    words: own.words,
    enumType,
    goPackage,
    enumValues: (written.values ?? []).map(value),
  };
}

function isType(type: FieldType): Field['is'] {
  const types = Object.keys(fieldKinds).map((candidate) => [candidate, candidate === type]);
  return Object.fromEntries(types) as Field['is'];
}

function fieldFlags(written: DraftField, kind: FieldKind) {
  const {
    required = false,
    immutable = false,
    output_only: outputOnly = false,
    index = false,
    unique = false,
    pii = false,
  } = written;
  const nullable = !required && !(outputOnly && written.default !== undefined);
  const filterable = (index || unique) && kind.indexable;
  return {
    required,
    nullable,
    immutable,
    outputOnly,
    index,
    unique,
    pii,
    filterable,
    sortable: filterable && !nullable && !pii,
    onCreate: !outputOnly,
    onUpdate: !outputOnly && !immutable,
  };
}

function goFacts(spec: FieldSpec, kind: FieldKind, nullable: boolean, goVar: string) {
  const goType = kind.goType(spec);
  const goTypeOutside = kind.goTypeOutside?.(spec) ?? goType;
  const pointer = nullable && spec.type !== 'json';
  const star = pointer ? '*' : '';
  return {
    goName: goFieldName(spec.name),
    goVar,
    goType,
    goTypeOutside,
    goFieldType: star + goType,
    goFieldTypeOutside: star + goTypeOutside,
    pointer,
    goZero: kind.goZero,
  };
}

function textFacts({ name }: FieldSpec, kind: FieldKind, receiver: string) {
  const text = 'after.Value';
  const statement = (parsed: string) => (parsed === text ? `value = ${parsed}` : `value, err = ${parsed}`);
  return {
    positionText: kind.asText(`${receiver}.${goFieldName(name)}`),
    positionParse: statement(kind.parse(text)),
    documentParse: statement((kind.parseForDocument ?? kind.parse)(text)),
  };
}

function sqlFacts(spec: FieldSpec, kind: FieldKind, nullable: boolean, { table, receiver }: FieldOwner) {
  const value = `${receiver}.${goFieldName(spec.name)}`;
  const sqlParam = kind.sqlParameter?.(spec) ?? '?';
  const column = spec.was ?? spec.name;
  const columnSQL = sqlName(column);
  const sqlType = kind.sqlType(spec);
  return {
    was: spec.was ?? '',
    column,
    columnSQL,
    sqlType,
    sqlColumn: `${sqlType} ${nullable ? 'NULL' : 'NOT NULL'}`,
    sqlArg: kind.sqlArgument?.(value, nullable) ?? value,
    sqlParam,
    filterSQL: `${columnSQL} = ${sqlParam}`,
    sqlCheck: kind.sqlCheck?.(spec, columnSQL) ?? '',
    indexName: bounded(`${table}_${column}`, longestIdentifier),
    checkName: bounded(`${table}_${column}_check`, longestIdentifier),
  };
}

function schemaFacts(spec: FieldSpec, kind: FieldKind, nullable: boolean) {
  const openapi = kind.openapi(spec).map(([key, value]): SchemaLine => ({ key, value }));
  return { openapi, openapiNullable: nullable ? openapi.map(orNull) : openapi };
}

function orNull({ key, value }: SchemaLine): SchemaLine {
  if (key === 'type') return { key, value: `[${value}, 'null']` };
  return key === 'enum' ? { key, value: value.replace(/]$/, ', null]') } : { key, value };
}

function ruleFacts(spec: FieldSpec, kind: FieldKind) {
  const literal = (value: unknown) => (value === undefined ? undefined : completed(kind.write(value, spec)));
  const bound = (value: unknown) =>
    value === undefined ? undefined : completed(kind.write(value, { ...spec, scale: 0 }));
  const { pattern } = spec;
  return {
    default: literal(spec.default),
    backfill: literal(spec.backfill),
    rules: kind.rules(spec),
    min: hasBounds.has(spec.type ?? '') ? bound(spec.min) : undefined,
    max: hasBounds.has(spec.type ?? '') ? bound(spec.max) : undefined,
    precision: spec.precision ?? 0,
    scale: spec.scale ?? 0,
    ...lengths(spec),
    pattern:
      pattern === undefined
        ? undefined
        : { text: pattern, go: goString(pattern), goVar: `${names(spec.name).camel}Pattern` },
  };
}

function lengths({ type, min, max }: FieldSpec): Pick<Field, 'shortest' | 'maxLength'> {
  if (type === 'string') return { shortest: Number(min ?? 0), maxLength: Number(max) };
  return { shortest: 0, maxLength: type === 'text' || type === 'json' ? Number(max ?? plainText) : 0 };
}

function examples(spec: FieldSpec, kind: FieldKind, type: FieldType): Examples {
  const values = kind.examples(spec).map(completed);
  const [first, second = first] = values;
  if (!first || !second) throw new Error(`no example of ${spec.name}`);
  const [smallest, largest] = kind.extremes?.(spec)?.map(completed) ?? [];
  const refused = kind.refused(spec).map((value) => ({ ...completed(value), rule: value.rule, label: value.label }));
  return {
    values,
    first,
    second,
    distinct: values.length > 1,
    ascending: isAscending(type, first, second),
    smallest: smallest ?? first,
    largest: largest ?? first,
    refused,
    wrongType: kind.wrongType,
  };
}

/** Numbers are compared as such, everything else byte by byte: the collation of every table is binary. */
function isAscending(type: FieldType, { text: first }: Literal, { text: second }: Literal): boolean {
  const isNumber = type === 'int32' || type === 'int64' || type === 'float64' || type === 'decimal';
  return isNumber ? Number(first) < Number(second) : first < second;
}

/** Fills in what is equal for most types. */
export function completed({
  text,
  json,
  go,
  goOutside = go,
  goNew = go,
  goNewOutside = goNew === go ? goOutside : goNew,
}: Written): Literal {
  return { text, go, goOutside, goNew, goNewOutside, json };
}
