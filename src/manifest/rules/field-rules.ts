import { compareDecimals, decimalText, parseDecimal } from '../../text/decimal.js';
import { ExpressionError } from '../../text/re2/node.js';
import { parseExpression } from '../../text/re2/parse.js';
import { matching } from '../../text/re2/texts.js';
import type { DraftField } from '../grammar.js';
import { type Path, type Report, shown } from '../problem.js';
import { repeatedItems } from './repeated-items.js';
import type { Rule } from './rule.js';
import { foundText, misfit } from './value-problem.js';

/** MySQL's longest index key is 3072 bytes; 16 are the id's, and a character of utf8mb4 has up to 4. */
const longestIndexed = 764;

/** Each field by itself. What fields are to each other and to the resource: `resource-rules.ts`. */
export const fieldRules: Rule = ({ resources = {} }, report) => {
  for (const [resource, { fields = {} } = {}] of Object.entries(resources)) {
    for (const [name, field] of Object.entries(fields)) {
      const path = ['resources', resource, 'fields', name];
      if (field) for (const check of checks) check(field as DraftField, path, report);
    }
  }
};

type Check = (field: DraftField, path: Path, report: Report) => void;

const bounds: Check = (field, path, report) => {
  const { type, min, max } = field;
  if (type !== 'int32' && type !== 'int64' && type !== 'float64' && type !== 'decimal') return;
  const bare = { type, precision: field.precision, scale: field.scale };
  for (const [option, bound] of [
    ['min', min],
    ['max', max],
  ] as const) {
    const why = bound === undefined ? undefined : misfit(bound, bare);
    if (why) report([...path, option], `${option} does not fit ${typeName(field)}`, why);
  }
  const [least, most] = [decimalOf(min), decimalOf(max)];
  if (least && most && compareDecimals(least, most) > 0) {
    report([...path, 'min'], 'min is above max', { found: `${decimalText(least)} and ${decimalText(most)}` });
  }
};

const lengths: Check = ({ type, min, max }, path, report) => {
  if (type === 'string' && min !== undefined && max !== undefined && Number(min) > Number(max)) {
    report([...path, 'min'], 'min is above max', { found: `${min} and ${max}` });
  }
};

const digits: Check = ({ type, precision, scale }, path, report) => {
  if (type !== 'decimal' || precision === undefined || scale === undefined || scale <= precision) return;
  report([...path, 'scale'], 'scale is above precision', { found: String(scale), allowed: `at most ${precision}` });
};

const pattern: Check = ({ type, pattern: source, min = 0, max = 1024 }, path, report) => {
  if (type !== 'string' || source === undefined || Number(min) > Number(max)) return;
  const problem = patternProblem(source, Number(min), Number(max));
  if (problem)
    report([...path, 'pattern'], problem, { found: shown(source), allowed: "RE2, the syntax of Go's regexp package" });
};

function patternProblem(source: string, shortest: number, longest: number): string | undefined {
  try {
    parseExpression(source);
  } catch (error) {
    if (error instanceof ExpressionError) return `pattern is not a regular expression: ${error.message}`;
    throw error;
  }
  const found = matching(source, shortest, longest, 1).length > 0;
  return found ? undefined : `no printable text of ${shortest} to ${longest} characters was found that matches pattern`;
}

const values: Check = ({ type, values: all }, path, report) => {
  if (type === 'enum') repeatedItems(all, [...path, 'values'], report);
};

const fallback: Check = (field, path, report) => {
  if (field.default === undefined) return;
  const why = misfit(field.default, field);
  if (why) report([...path, 'default'], `default does not fit ${typeName(field)}`, why);
  else if (field.unique)
    report([...path, 'default'], 'a unique field has no default: the second row would have it too', {
      found: foundText(field.default),
    });
};

const filling: Check = (field, path, report) => {
  if (field.backfill === undefined) return;
  const place = [...path, 'backfill'];
  const why = misfit(field.backfill, field);
  if (why) return report(place, `backfill does not fit ${typeName(field)}`, why);
  const found = foundText(field.backfill);
  if (!field.required)
    report(place, 'backfill is for required fields: others are null in rows that are there', { found });
  else if (field.default !== undefined) report(place, 'rows that are there get the default already', { found });
  else if (field.unique) report(place, 'a unique field has no backfill: the second row would have it too', { found });
};

const nobodySets: Check = ({ required, output_only, default: value }, path, report) => {
  if (!required || !output_only || value !== undefined) return;
  report([...path, 'required'], 'a required output_only field needs a default: no client can give it on create');
};

const indexable: Check = ({ type, max, index, unique }, path, report) => {
  const option = unique ? 'unique' : index ? 'index' : undefined;
  if (!option) return;
  if (type === 'text' || type === 'json') {
    report([...path, option], `a field of type ${type} cannot be indexed`, {
      allowed: 'index and unique on the other types',
    });
  } else if (type === 'string' && Number(max ?? 0) > longestIndexed) {
    report([...path, option], `a string of ${max} characters is too long for an index`, {
      allowed: `max up to ${longestIndexed} with index or unique`,
    });
  }
};

const checks: readonly Check[] = [bounds, lengths, digits, pattern, values, fallback, filling, nobodySets, indexable];

function decimalOf(value: number | string | undefined) {
  return value === undefined ? undefined : parseDecimal(String(value));
}

/** Returns the type with what narrows it: `decimal(12,2)`. */
function typeName({ type, precision, scale }: DraftField): string {
  return type === 'decimal' ? `decimal(${precision},${scale})` : `type ${type}`;
}
