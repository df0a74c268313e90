import { describe, expect, test } from 'vitest';
import { known, order, problems } from './testing/text.js';

/** What is wrong, the manifest, and a line for each problem. */
type Case = readonly [name: string, text: string | Uint8Array, ...lines: string[]];

function refuses(cases: readonly Case[]): void {
  test.each(cases)('%s', (_, text, ...lines) => {
    expect(problems(text, known)).toEqual(lines);
  });
}

const snake = 'lower-case letters, digits and underscores, beginning with a letter, at most 40 characters';

describe('options of a field', () => {
  refuses([
    [
      'field type typo',
      order('a: { type: strnig, max: 5 }'),
      '9:18: unknown value of resources.order.fields.a.type (found strnig; allowed string, text, int32, int64, float64, decimal, bool, uuid, timestamp, date, enum, json; did you mean string?)',
    ],
    [
      'field no type',
      order('a: { max: 5 }'),
      '9:7: resources.order.fields.a needs type (allowed string, text, int32, int64, float64, decimal, bool, uuid, timestamp, date, enum, json)',
    ],
    [
      'no max',
      order('a: { type: string }'),
      '9:7: resources.order.fields.a needs max (allowed a whole number from 1 to 1024)',
    ],
    [
      'max 0',
      order('a: { type: string, max: 0 }'),
      '9:31: resources.order.fields.a.max is out of range (found 0, a number; allowed a whole number from 1 to 1024)',
    ],
    [
      'max big',
      order('a: { type: string, max: 2000 }'),
      '9:31: resources.order.fields.a.max is out of range (found 2000, a number; allowed a whole number from 1 to 1024)',
    ],
    [
      'max text',
      order('a: { type: string, max: ten }'),
      '9:31: resources.order.fields.a.max has the wrong type (found ten; allowed a whole number from 1 to 1024)',
    ],
    [
      'max float',
      order('a: { type: string, max: 1.5 }'),
      '9:31: resources.order.fields.a.max has the wrong type (found 1.5, a number; allowed a whole number from 1 to 1024)',
    ],
    [
      'backfill of another type',
      order('a: { type: bool, required: true, backfill: 3 }'),
      '9:50: resources.order.fields.a.backfill has the wrong type (found 3, a number; allowed true or false)',
    ],
    [
      'backfill of an optional field',
      order('a: { type: int32, backfill: 3 }'),
      '9:35: backfill is for required fields: others are null in rows that are there (found 3)',
    ],
    [
      'backfill beside a default',
      order('a: { type: int32, required: true, default: 2, backfill: 3 }'),
      '9:63: rows that are there get the default already (found 3)',
    ],
    [
      'backfill of a unique field',
      order('a: { type: int32, required: true, unique: true, backfill: 3 }'),
      '9:65: a unique field has no backfill: the second row would have it too (found 3)',
    ],
    [
      'was a field that is there',
      order('a: { type: bool, was: id }'),
      '9:29: the column id is that of id (found id; take another name for it)',
    ],
    ['was its own name', order('a: { type: bool, was: a }'), '9:29: was is another name than that of now'],
    [
      'unknown option',
      order('a: { type: bool, max: 3 }'),
      '9:24: unknown key max in resources.order.fields.a (allowed type, default, backfill, description, required, immutable, output_only, index, unique, pii, was)',
    ],
    [
      'option typo',
      order('a: { type: bool, requierd: true }'),
      '9:24: unknown key requierd in resources.order.fields.a (allowed type, default, backfill, description, required, immutable, output_only, index, unique, pii, was; did you mean required?)',
    ],
    [
      'yes for true',
      order('a: { type: bool, required: yes }'),
      '9:34: resources.order.fields.a.required has the wrong type (found yes; allowed true or false; did you mean true?)',
    ],
    [
      'a number in quotes',
      order('a: { type: string, max: "10" }'),
      '9:31: resources.order.fields.a.max has the wrong type (found "10"; allowed a whole number from 1 to 1024; write 10 without quotes)',
    ],
  ]);
});

describe('names of fields', () => {
  refuses([
    [
      'a field that is always there',
      order('id: { type: uuid }\nb: { type: bool }'),
      '9:7: field id is always there and cannot be declared',
    ],
    [
      'field caps',
      order('CustomerID: { type: uuid }\nb: { type: bool }'),
      `9:7: this is not a snake_case name (found CustomerID; allowed ${snake}; did you mean customer_id?)`,
    ],
    [
      'a field that becomes one that is always there',
      order('i_d: { type: uuid }\nb: { type: bool }'),
      '9:7: built-in field id and field i_d both become the Go name ID (the other is on line 6)',
    ],
    [
      'fields clash',
      order('user_id: { type: uuid }\nuser__id: { type: uuid }'),
      '10:7: field user_id and field user__id both become the Go name UserID (the other is on line 9)',
    ],
  ]);
});

describe('numbers', () => {
  refuses([
    [
      'int range',
      order('a: { type: int32, max: 3000000000 }'),
      '9:30: max does not fit type int32 (found 3000000000; allowed -2147483648 to 2147483647)',
    ],
    [
      'int64 range',
      order('a: { type: int64, max: 9223372036854775808 }'),
      '9:30: max does not fit type int64 (found 9223372036854775808; allowed -9223372036854775808 to 9223372036854775807)',
    ],
    [
      'int frac',
      order('a: { type: int32, min: 1.5 }'),
      '9:30: min does not fit type int32 (found 1.5; allowed a whole number)',
    ],
    [
      'int default',
      order('a: { type: int32, min: 1, max: 9, default: 10 }'),
      '9:50: default does not fit type int32 (found 10; allowed 1 to 9)',
    ],
    ['int min>max', order('a: { type: int32, min: 10, max: 9 }'), '9:30: min is above max (found 10 and 9)'],
    [
      'float inf',
      order('a: { type: float64, max: .inf }'),
      '9:32: resources.order.fields.a.max is out of range (found .inf, a number; allowed a finite number)',
    ],
    [
      'float nan',
      order('a: { type: float64, default: .nan }'),
      '9:36: resources.order.fields.a.default is out of range (found .nan, a number; allowed a finite number)',
    ],
    [
      'float huge',
      order('a: { type: float64, max: 1e400 }'),
      '9:32: max does not fit type float64 (found 100000000000000000000000000000000000000000000000000000000...; allowed a finite number)',
    ],
    [
      'decimal scale',
      order('a: { type: decimal, precision: 2, scale: 3 }'),
      '9:48: scale is above precision (found 3; allowed at most 2)',
    ],
    [
      'decimal default',
      order('a: { type: decimal, precision: 4, scale: 2, default: 0.001 }'),
      '9:60: default does not fit decimal(4,2) (found 0.001; allowed at most 2 digits after the point)',
    ],
    [
      'decimal max',
      order('a: { type: decimal, precision: 4, scale: 2, max: 100 }'),
      '9:56: max does not fit decimal(4,2) (found 100; allowed -99.99 to 99.99)',
    ],
    [
      'decimal none',
      order('a: { type: decimal }'),
      '9:7: resources.order.fields.a needs precision (allowed a whole number from 1 to 38)',
      '9:7: resources.order.fields.a needs scale (allowed a whole number from 0 to 30)',
    ],
    [
      'decimal big',
      order('a: { type: decimal, precision: 39, scale: 2 }'),
      '9:38: resources.order.fields.a.precision is out of range (found 39, a number; allowed a whole number from 1 to 38)',
    ],
  ]);
});

describe('texts', () => {
  refuses([
    ['min>max', order('a: { type: string, max: 3, min: 5 }'), '9:39: min is above max (found 5 and 3)'],
    [
      'string default long',
      order('a: { type: string, max: 3, default: abcd }'),
      '9:43: default does not fit type string (found abcd; allowed at most 3 characters)',
    ],
    [
      'string default num',
      order('a: { type: string, max: 3, default: 12 }'),
      '9:43: resources.order.fields.a.default has the wrong type (found 12, a number; allowed text of at most 65535 characters; write "12" for text)',
    ],
    [
      'pattern lookahead',
      order('a: { type: string, max: 3, pattern: "(?=a)" }'),
      '9:43: pattern is not a regular expression: RE2 has no lookahead (found "(?=a)"; allowed RE2, the syntax of Go\'s regexp package)',
    ],
    [
      'pattern backref',
      order("a: { type: string, max: 3, pattern: '(a)\\1' }"),
      '9:43: pattern is not a regular expression: RE2 has no backreferences such as \\1 (found "(a)\\\\1"; allowed RE2, the syntax of Go\'s regexp package)',
    ],
    [
      'pattern open',
      order('a: { type: string, max: 3, pattern: "(a" }'),
      '9:43: pattern is not a regular expression: it has a ( without a ) (found "(a"; allowed RE2, the syntax of Go\'s regexp package)',
    ],
    [
      'pattern default',
      order('a: { type: string, max: 3, pattern: "^[0-9]+$", default: abc }'),
      '9:64: default does not fit type string (found abc; allowed text that matches ^[0-9]+$)',
    ],
    [
      'pattern impossible',
      order('a: { type: string, max: 3, pattern: "^[a-z]{5}$" }'),
      '9:43: no printable text of 0 to 3 characters was found that matches pattern (found "^[a-z]{5}$"; allowed RE2, the syntax of Go\'s regexp package)',
    ],
    [
      'text max',
      order('a: { type: text, max: 99999999 }'),
      '9:29: resources.order.fields.a.max is out of range (found 99999999, a number; allowed a whole number from 1 to 16777215)',
    ],
  ]);
});

describe('other values', () => {
  refuses([
    [
      'bool default',
      order('a: { type: bool, default: "true" }'),
      '9:33: resources.order.fields.a.default has the wrong type (found "true"; allowed true or false; write true without quotes)',
    ],
    [
      'uuid default',
      order('a: { type: uuid, default: 1234 }'),
      '9:33: resources.order.fields.a.default has the wrong type (found 1234, a number; allowed text of at most 65535 characters; write "1234" for text)',
    ],
    [
      'uuid default2',
      order('a: { type: uuid, default: abc }'),
      '9:33: default does not fit type uuid (found abc; allowed a UUID)',
    ],
    [
      'ts default',
      order('a: { type: timestamp, default: 2026-02-30T00:00:00Z }'),
      '9:38: default does not fit type timestamp (found "2026-02-30T00:00:00Z"; allowed RFC 3339 in UTC, such as 2026-01-31T12:00:00Z)',
    ],
    [
      'date default',
      order('a: { type: date, default: 2026-13-01 }'),
      '9:33: default does not fit type date (found 2026-13-01; allowed a date such as 2026-01-31)',
    ],
    [
      'enum default',
      order('state: { type: enum, values: [pending, paid], default: payd }'),
      '9:62: default does not fit type enum (found payd; allowed pending, paid; did you mean paid?)',
    ],
    [
      'enum none',
      order('state: { type: enum }'),
      '9:7: resources.order.fields.state needs values (allowed a list of 1 to 100 items)',
    ],
    [
      'enum empty',
      order('state: { type: enum, values: [] }'),
      '9:36: resources.order.fields.state.values has the wrong number of items (found 0; allowed a list of 1 to 100 items)',
    ],
    ['enum dup', order('state: { type: enum, values: [a, a] }'), '9:40: a is there twice'],
    [
      'enum clash',
      order('state: { type: enum, values: [a_b, a__b] }'),
      '9:42: value a_b of state and value a__b of state both become the Go name StateAB (the other is on line 9)',
    ],
    [
      'enum caps',
      order('state: { type: enum, values: [Paid] }'),
      `9:37: item 1 of resources.order.fields.state.values: this is not a snake_case name (found Paid; allowed ${snake}; did you mean paid?)`,
    ],
    [
      'enum bool',
      order('state: { type: enum, values: [true] }'),
      `9:37: item 1 of resources.order.fields.state.values has the wrong type (found true, a bool; allowed ${snake}; write "true" for text)`,
    ],
    [
      'enum const clash',
      order('state: { type: enum, values: [paid] }\nstate_paid: { type: enum, values: [a] }'),
      '10:7: value paid of state and field state_paid both become the Go name StatePaid (the other is on line 9)',
    ],
    [
      'a JSON default that would be rounded',
      order('a: { type: json, default: { n: 9007199254740993 } }'),
      '9:38: resources.order.fields.a.default.n would be rounded (found 9007199254740993, a number; allowed a number of at most 15 digits, or text)',
    ],
  ]);
});

describe('fields in a table', () => {
  refuses([
    [
      'text index',
      order('a: { type: text, index: true }'),
      '9:31: a field of type text cannot be indexed (allowed index and unique on the other types)',
    ],
    [
      'json unique',
      order('a: { type: json, unique: true }'),
      '9:32: a field of type json cannot be indexed (allowed index and unique on the other types)',
    ],
    [
      'long index',
      order('a: { type: string, max: 1000, index: true }'),
      '9:44: a string of 1000 characters is too long for an index (allowed max up to 764 with index or unique)',
    ],
    [
      'unique default',
      order('a: { type: string, max: 10, unique: true, default: x }'),
      '9:58: a unique field has no default: the second row would have it too (found x)',
    ],
    [
      'required output',
      order('a: { type: bool, required: true, output_only: true }\nb: { type: bool }'),
      '9:34: a required output_only field needs a default: no client can give it on create',
    ],
    [
      'list param',
      order('page_size: { type: int32, index: true }'),
      '9:7: field page_size cannot be indexed: every list has a parameter of this name',
    ],
    [
      'a row that is too long',
      order(Array.from({ length: 16 }, (_, i) => `f${i}: { type: string, max: 1024 }`).join('\n')),
      '8:5: a row would be too long for MySQL (found 65608 bytes; allowed at most 65535 bytes, 4 for each character; use type text for long texts)',
    ],
    [
      'too many fields',
      order(Array.from({ length: 151 }, (_, i) => `f${i}: { type: bool }`).join('\n')),
      '8:5: there are too many fields (found 151; allowed at most 150)',
    ],
    [
      'too many indexes',
      order(Array.from({ length: 62 }, (_, i) => `f${i}: { type: bool, index: true }`).join('\n')),
      '8:5: there are too many indexes for MySQL (found 62; allowed at most 61)',
    ],
  ]);
});
