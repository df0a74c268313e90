import type { Names } from './model.js';

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
  /** Go expression inside the resource's own package: `StatePending`, `decimal.New(1250, -2)`, `100`. */
  readonly go: string;
  /** Go expression outside the package: `order.StatePending`; equal to {@link Literal.go} for the other types. */
  readonly goOutside: string;
  /** Like {@link Literal.goOutside}, with the field's type where Go would infer another: `int32(100)`. */
  readonly goTyped: string;
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

/** One rule that values of the field keep, beside its type. */
export interface FieldRule {
  /** The rule as the wire names it in a violation. */
  readonly name: 'min' | 'max' | 'pattern' | 'scale' | 'precision' | 'enum';
  /** What follows the field's name in a sentence: `must be at least 0`. */
  readonly message: string;
}

/** Values for tests and documents. */
export interface Examples {
  /** Distinct valid values; at least one, as many as five where the rules leave room. */
  readonly values: readonly Literal[];
  readonly first: Literal;
  /** Differs from {@link Examples.first} when {@link Examples.distinct}. */
  readonly second: Literal;
  readonly distinct: boolean;
  /** A value of the right type that breaks a rule of the domain; absent when no value does. */
  readonly invalid?: Literal & { readonly rule: FieldRule['name'] };
  /** JSON of a wrong type; empty for json, which takes any. */
  readonly wrongType: string;
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

  readonly column: string;
  /** Quoted SQL identifier. */
  readonly columnSQL: string;
  /** MySQL type: `VARCHAR(254)`. */
  readonly sqlType: string;
  /** {@link Field.sqlType} with NULL or NOT NULL. */
  readonly sqlColumn: string;
  /** SQL condition of a CHECK; empty: none. */
  readonly sqlCheck: string;
  /** Name for an index of its own, at most 64 characters. */
  readonly indexName: string;

  /** OpenAPI 3.1 schema object without description and default; keys are in print order. */
  readonly openapi: Readonly<Record<string, unknown>>;

  readonly default?: Literal;
  /** Rules to check beside the type; empty: none. */
  readonly rules: readonly FieldRule[];
  /** Characters of a string, bytes of text and json; as text. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: Literal;
  readonly max?: Literal;
  /** Digits of a decimal; 0 for other types. */
  readonly precision: number;
  readonly scale: number;
  readonly pattern?: { readonly text: string; readonly go: string; readonly goVar: string };
  /** Values of an enum; empty for other types. */
  readonly values: readonly EnumValue[];
  readonly examples: Examples;
}
