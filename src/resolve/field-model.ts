import type { Names } from './names-model.js';
import type { FieldProto } from './proto-model.js';

/** The types a field may have. */
export type FieldType =
  | 'string'
  | 'text'
  | 'int32'
  | 'int64'
  | 'float64'
  | 'decimal'
  | 'bool'
  | 'uuid'
  | 'timestamp'
  | 'date'
  | 'enum'
  | 'json';

/** One value, finished in every language it lands in. */
export interface Literal {
  /** As a person writes it, unquoted: `12.50`, `pending`. */
  readonly text: string;
  /** Go expression inside the resource's own package: `StatePending`, `100`. */
  readonly go: string;
  /** Go expression outside the package: `order.StatePending`; equal to {@link Literal.go} for the other types. */
  readonly goOutside: string;
  /** Go expression of exactly the field's type, for `new(…)`: `StatePending`, `int32(100)`. */
  readonly goNew: string;
  /** {@link Literal.goNew} outside the package. */
  readonly goNewOutside: string;
  /** JSON text: `"12.50"`. */
  readonly json: string;
}

/** One value of an enum. */
export interface EnumValue {
  readonly names: Names;
  readonly value: string;
  /** Go constant inside the package: `StatePending`. */
  readonly goConst: string;
  /** Outside the package: `order.StatePending`. */
  readonly goConstOutside: string;
}

/** What a rule is called on the wire. */
export type RuleName = 'min' | 'max' | 'digits' | 'pattern' | 'enum';

/** A value of the right type that breaks one rule. */
export interface Refused extends Literal {
  readonly rule: RuleName;
  /** Says which value it is, after the field's name: `too long`. */
  readonly label: string;
}

/** Values for tests and documents. */
export interface Examples {
  /** Distinct valid values; at least one, five where the rules leave room. */
  readonly values: readonly Literal[];
  readonly first: Literal;
  /** Differs from {@link Examples.first} when {@link Examples.distinct}. */
  readonly second: Literal;
  readonly distinct: boolean;
  /** {@link Examples.second} comes after {@link Examples.first} in a list of the database. */
  readonly ascending: boolean;
  /** At the ends of what the rules allow, where the type has ends; else {@link Examples.first}. */
  readonly smallest: Literal;
  readonly largest: Literal;
  /** One value for each rule that a value of the type can break; empty when none can. */
  readonly refused: readonly Refused[];
  /** JSON of a wrong type; empty for json, which takes any. */
  readonly wrongType: string;
}

/** One line of an OpenAPI schema object. */
export interface SchemaLine {
  readonly key: string;
  /** Finished YAML in flow style: `string`, `[string, 'null']`, `254`. */
  readonly value: string;
}

/** One field of a resource. */
export interface Field {
  /** As written: `customer_id`; also its JSON name. */
  readonly name: string;
  readonly names: Names;
  readonly description: string;
  readonly type: FieldType;
  /** {@link Field.type} as questions: `{{#if is.enum}}`. */
  readonly is: Readonly<Record<FieldType, boolean>>;
  readonly required: boolean;
  readonly nullable: boolean;
  readonly immutable: boolean;
  readonly outputOnly: boolean;
  readonly index: boolean;
  readonly unique: boolean;
  readonly pii: boolean;
  /** Equality filter of the list: indexed or unique. */
  readonly filterable: boolean;
  /** In `order_by`: filterable, never null, no personal data (page tokens hold the value). */
  readonly sortable: boolean;
  /** A client may give it on create. */
  readonly onCreate: boolean;
  /** A client may change it. */
  readonly onUpdate: boolean;

  /** Exported name in the struct: `CustomerID`. */
  readonly goName: string;
  readonly goVar: string;
  /** Type of a value inside the package: `uuid.UUID`, `State`. */
  readonly goType: string;
  /** Outside the package: `order.State`. */
  readonly goTypeOutside: string;
  /** Type in the struct: {@link Field.goType}, or a pointer to it when {@link Field.pointer}. */
  readonly goFieldType: string;
  readonly goFieldTypeOutside: string;
  /** Nullable and kept behind a pointer; a nullable json is a nil slice instead. */
  readonly pointer: boolean;
  /** Go zero value of {@link Field.goType}: `""`, `uuid.UUID{}`. */
  readonly goZero: string;

  /** Go text of the aggregate's value, of a sortable field: `o.CustomerID.String()`. */
  readonly positionText: string;
  /** Go statement that reads {@link Field.positionText} back: `value, err = mysqldb.ParseUUID(after.Value)`. */
  readonly positionParse: string;
  /** The same for a document: `value, err = uuid.Parse(after.Value)`. */
  readonly documentParse: string;

  /** The first name of a field that was renamed; empty: it has that one still. */
  readonly was: string;
  /** Its first name, which it keeps in the database. */
  readonly column: string;
  /** Quoted SQL identifier. */
  readonly columnSQL: string;
  /** MySQL type: `VARCHAR(254)`. */
  readonly sqlType: string;
  /** {@link Field.sqlType} with NULL or NOT NULL. */
  readonly sqlColumn: string;
  /** Go expression of the aggregate's value as an argument of a statement: `o.CustomerID[:]`. */
  readonly sqlArg: string;
  /** `?`, or a cast of it where the driver's type compares inexactly. */
  readonly sqlParam: string;
  /** Equality with a parameter: `` `customer_id` = ? `` */
  readonly filterSQL: string;
  /** SQL condition of a CHECK; empty: none. */
  readonly sqlCheck: string;
  /** Names within MySQL's 64 characters. */
  readonly indexName: string;
  readonly checkName: string;

  /** OpenAPI 3.1 schema of a value that is not null, without description and default, in print order. */
  readonly openapi: readonly SchemaLine[];
  /** {@link Field.openapi}, which also allows null when {@link Field.nullable}. */
  readonly openapiNullable: readonly SchemaLine[];

  readonly default?: Literal;
  /** Value of rows that are there when the field is added. */
  readonly backfill?: Literal;
  /** Rules to check beside the type; empty: none. */
  readonly rules: readonly RuleName[];
  /** Characters of a string, bytes of text and json; 0 for other types. */
  readonly shortest: number;
  readonly maxLength: number;
  readonly min?: Literal;
  readonly max?: Literal;
  /** Digits of a decimal; 0 for other types. */
  readonly precision: number;
  readonly scale: number;
  readonly pattern?: { readonly text: string; readonly go: string; readonly goVar: string };
  /** Values of an enum; empty for other types. */
  readonly values: readonly EnumValue[];
  readonly examples: Examples;
  readonly proto: FieldProto;
}
