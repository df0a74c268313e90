import { compareDecimals, type Decimal, decimalText, parseDecimal } from '../../text/decimal.js';
import { goString, json } from '../../text/quote.js';
import { numberRange, typeRange } from '../../values/number-range.js';
import type { RuleName } from '../field-model.js';
import { exampleCount, type FieldKind, type FieldSpec, type Written, type WrittenRefused } from './kind.js';

type Numeric = Pick<FieldKind, 'goType' | 'goZero' | 'sqlType' | 'sqlParameter' | 'asText' | 'parse' | 'openapi'> & {
  readonly type: 'int32' | 'int64' | 'float64' | 'decimal';
  readonly write: (number: Decimal, field: Pick<FieldSpec, 'scale'>) => Written;
};

/** What the four number types share: bounds, examples within them, refused values just outside. */
function numeric({ type, write, ...kind }: Numeric): FieldKind {
  return {
    ...kind,
    rules: (field) => rules(field, type),
    write: (value, field) => write(parseDecimal(String(value)) ?? zero, field),
    examples: (field) => distinct(examples(field, type).map((number) => write(number, field))),
    extremes: (field) => {
      const { min, max } = numberRange(field, type);
      return [write(min, field), write(max, field)];
    },
    refused: (field) => refused(field, type).map(({ number, ...why }) => ({ ...write(number, field), ...why })),
    wrongType: 'true',
    indexable: true,
  };
}

/** Numbers that differ may be one float64. */
function distinct(values: readonly Written[]): readonly Written[] {
  return values.filter(({ text }, index) => values.findIndex((each) => each.text === text) === index);
}

const zero: Decimal = { coefficient: 0n, scale: 0 };

/** `int32` */
export const int32 = numeric({
  type: 'int32',
  goType: () => 'int32',
  goZero: '0',
  sqlType: () => 'INT',
  asText: (value) => `strconv.FormatInt(int64(${value}), 10)`,
  parse: (text) => `strconv.ParseInt(${text}, 10, 64)`,
  openapi: ({ min, max }) => [['type', 'integer'], ['format', 'int32'], ...bounds(min, max)],
  write: (number) => plain(number, 'int32'),
});

/** `int64`: text on the wire, as protobuf's JSON has it, because JavaScript would round it. */
export const int64 = numeric({
  type: 'int64',
  goType: () => 'int64',
  goZero: '0',
  sqlType: () => 'BIGINT',
  asText: (value) => `strconv.FormatInt(${value}, 10)`,
  parse: (text) => `strconv.ParseInt(${text}, 10, 64)`,
  openapi: () => [
    ['type', 'string'],
    ['format', 'int64'],
  ],
  write: (number) => ({ ...plain(number, 'int64'), json: json(decimalText(number)) }),
});

/** `float64` */
export const float64 = numeric({
  type: 'float64',
  goType: () => 'float64',
  goZero: '0',
  sqlType: () => 'DOUBLE',
  asText: (value) => `strconv.FormatFloat(${value}, 'g', -1, 64)`,
  parse: (text) => `strconv.ParseFloat(${text}, 64)`,
  openapi: ({ min, max }) => [['type', 'number'], ['format', 'double'], ...bounds(min, max)],
  write: (number) => writtenFloat(Number(decimalText(number))),
});

/** `decimal`: exact, text on the wire. */
export const decimal = numeric({
  type: 'decimal',
  goType: () => 'decimal.Decimal',
  goZero: 'decimal.Decimal{}',
  sqlType: ({ precision, scale }) => `DECIMAL(${precision},${scale})`,
  sqlParameter: ({ precision, scale }) => `CAST(? AS DECIMAL(${precision},${scale}))`,
  asText: (value) => `${value}.String()`,
  parse: (text) => `decimal.NewFromString(${text})`,
  openapi: () => [
    ['type', 'string'],
    ['format', 'decimal'],
  ],
  write: (number, { scale }) => {
    const text = decimalText(number, scale);
    return { text, go: `decimal.RequireFromString(${goString(text)})`, json: json(text) };
  },
});

/** JavaScript's shortest text is a literal of Go and of JSON too; a whole number of many digits would be no float64 in Go. */
function writtenFloat(number: number): Written {
  const text = String(number);
  return { text, go: text, json: text, goNew: `float64(${text})` };
}

function plain(number: Decimal, type: string): Written {
  const text = decimalText(number);
  return { text, go: text, json: text, goNew: `${type}(${text})` };
}

function bounds(min: unknown, max: unknown): (readonly [string, string])[] {
  const line = (key: string, bound: unknown) => (bound === undefined ? [] : [[key, String(bound)] as const]);
  return [...line('minimum', min), ...line('maximum', max)];
}

function rules(field: FieldSpec, type: Numeric['type']): readonly RuleName[] {
  const names: RuleName[] = type === 'decimal' ? ['digits'] : [];
  if (field.min !== undefined) names.push('min');
  if (field.max !== undefined) names.push('max');
  return names;
}

/** The smallest steps in which examples differ: 1, or 1.25 where the type has that many places. */
function step(field: FieldSpec, type: Numeric['type']): Decimal {
  if (type === 'float64') return { coefficient: 15n, scale: 1 };
  if (type !== 'decimal' || (field.scale ?? 0) === 0) return { coefficient: 1n, scale: 0 };
  return (field.scale ?? 0) === 1 ? { coefficient: 15n, scale: 1 } : { coefficient: 125n, scale: 2 };
}

function examples(field: FieldSpec, type: Numeric['type']): readonly Decimal[] {
  const range = numberRange(field, type);
  const smallestStep = { coefficient: 1n, scale: type === 'decimal' ? (field.scale ?? 0) : type === 'float64' ? 3 : 0 };
  for (const [start, by] of starts(range, step(field, type), smallestStep)) {
    const numbers = Array.from({ length: exampleCount }, (_, n) => add(start, by, BigInt(n + 1)));
    const fitting = numbers.filter((number) => within(number, range));
    if (fitting.length === exampleCount) return fitting;
  }
  const few = Array.from({ length: exampleCount }, (_, n) => add(range.min, smallestStep, BigInt(n)));
  return few.filter((number) => within(number, range));
}

function starts(range: Range, by: Decimal, smallestStep: Decimal): readonly (readonly [Decimal, Decimal])[] {
  const top = add(range.max, smallestStep, -BigInt(exampleCount + 1));
  return [
    [zero, by],
    [zero, smallestStep],
    [range.min, by],
    [range.min, smallestStep],
    [top, smallestStep],
  ];
}

type Range = ReturnType<typeof numberRange>;

function within(number: Decimal, { min, max }: Range): boolean {
  return compareDecimals(number, min) >= 0 && compareDecimals(number, max) <= 0;
}

function add(a: Decimal, b: Decimal, times: bigint): Decimal {
  const scale = Math.max(a.scale, b.scale);
  const at = ({ coefficient, scale: own }: Decimal) => coefficient * 10n ** BigInt(scale - own);
  return parseDecimal(decimalText({ coefficient: at(a) + at(b) * times, scale })) ?? zero;
}

function absolute({ coefficient, scale }: Decimal): Decimal {
  return { coefficient: coefficient < 0n ? -coefficient : coefficient, scale };
}

function magnitude(number: Decimal): number {
  return Math.abs(Number(decimalText(number)));
}

type RefusedNumber = Pick<WrittenRefused, 'rule' | 'label'> & { readonly number: Decimal };

function refused(field: FieldSpec, type: Numeric['type']): readonly RefusedNumber[] {
  const scale = field.scale ?? 0;
  /** So far outside that a float64 does not round it back. */
  const far = (bound: Decimal) => (type === 'float64' && magnitude(bound) > 1 ? absolute(bound) : unit);
  const unit = { coefficient: 1n, scale: type === 'decimal' ? scale : 0 };
  const range = numberRange(field, type);
  const possible = typeRange(type, field);
  const values: RefusedNumber[] = [];
  if (type === 'decimal') {
    const [first = zero] = examples(field, type);
    values.push({
      number: add(first, { coefficient: 1n, scale: scale + 1 }, 1n),
      rule: 'digits',
      label: 'with too many digits',
    });
  }
  const below = { number: add(range.min, far(range.min), -1n), rule: 'min', label: 'too small' } as const;
  const above = { number: add(range.max, far(range.max), 1n), rule: 'max', label: 'too large' } as const;
  if (field.min !== undefined && within(below.number, possible)) values.push(below);
  if (field.max !== undefined && within(above.number, possible)) values.push(above);
  return values;
}
