import type { DraftField } from '../../manifest/grammar.js';
import type { EnumValue, FieldType, Refused, RuleName } from '../field-model.js';

/** A field of the manifest with the names that its literals need. */
export interface FieldSpec extends DraftField {
  readonly name: string;
  /** Prose: `customer ID`. */
  readonly words: string;
  /** Go type of an enum inside the package, and the package. */
  readonly enumType: string;
  readonly goPackage: string;
  readonly enumValues: readonly EnumValue[];
}

/** One value in the languages that differ by type; {@link completed} fills in the rest of a `Literal`. */
export interface Written {
  readonly text: string;
  readonly json: string;
  readonly go: string;
  /** Absent: as {@link Written.go}. */
  readonly goOutside?: string;
  readonly goNew?: string;
  readonly goNewOutside?: string;
}

/** A value that breaks a rule. */
export interface WrittenRefused extends Written, Pick<Refused, 'rule' | 'label'> {}

/** Everything that depends on the type of a field. One file of this folder for each type or family of types. */
export interface FieldKind {
  readonly goType: (field: FieldSpec) => string;
  /** Absent: as {@link FieldKind.goType}. */
  readonly goTypeOutside?: (field: FieldSpec) => string;
  readonly goZero: string;
  readonly sqlType: (field: FieldSpec) => string;
  readonly sqlCheck?: (field: FieldSpec, column: string) => string;
  /** Go expression of a value as an argument of a statement; absent: the value itself. */
  readonly sqlArgument?: (value: string, nullable: boolean) => string;
  /** Absent: `?`. */
  readonly sqlParameter?: (field: FieldSpec) => string;
  /** Go expression of a value as text that {@link FieldKind.parse} reads. */
  readonly asText: (value: string) => string;
  /** Go expression of a value and an error (or, for text itself, of the value) from text. */
  readonly parse: (text: string) => string;
  /** The same with a value as documents have it; absent: as {@link FieldKind.parse}. */
  readonly parseForDocument?: (text: string) => string;
  /** OpenAPI schema: keys and finished YAML values. */
  readonly openapi: (field: FieldSpec) => readonly (readonly [string, string])[];
  readonly rules: (field: FieldSpec) => readonly RuleName[];
  /** Writes a value of the manifest that fits the type. */
  readonly write: (value: unknown, field: Pick<FieldSpec, 'enumValues' | 'scale'>) => Written;
  /** At least one valid value, distinct, at most {@link exampleCount}. */
  readonly examples: (field: FieldSpec) => readonly Written[];
  /** The smallest and the largest valid value; absent: the type has none that the examples lack. */
  readonly extremes?: (field: FieldSpec) => readonly [Written, Written] | undefined;
  readonly refused: (field: FieldSpec) => readonly WrittenRefused[];
  readonly wrongType: string;
  /** Can be compared with `=` and sorted by an index. */
  readonly indexable: boolean;
}

/** So many example values a field has where its rules leave room. */
export const exampleCount = 5;

/** Which file says what about which type: `Record` makes a missing one a compile error. */
export type FieldKinds = Readonly<Record<FieldType, FieldKind>>;
