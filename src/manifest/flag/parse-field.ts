import { parseDecimal } from '../../text/decimal.js';
import { suggest } from '../../text/suggest.js';
import type { DraftField, ManifestField } from '../grammar.js';
import { didYouMean } from '../problem.js';
import { FlagProblem } from './tokens.js';

type Options = { -readonly [K in keyof DraftField]?: DraftField[K] };

/** What stands in the parentheses after a type. */
const readArguments: Readonly<Record<ManifestField['type'], (args: readonly string[]) => Options>> = {
  string: (args) => ({ max: count(args, 'string(254)') }),
  text: (args) => (args.length === 0 ? {} : { max: count(args, 'text(1000)') }),
  int32: none,
  int64: none,
  float64: none,
  decimal: (args) => {
    if (args.length !== 2)
      throw new FlagProblem('a decimal has two numbers: digits in all and after the point', {
        allowed: 'decimal(12,2)',
      });
    return { precision: count(args.slice(0, 1), 'decimal(12,2)'), scale: count(args.slice(1), 'decimal(12,2)') };
  },
  bool: none,
  uuid: none,
  timestamp: none,
  date: none,
  enum: (args) => {
    if (args.length === 0) throw new FlagProblem('an enum needs its values', { allowed: 'enum(pending,paid)' });
    return { values: args };
  },
  json: (args) => (args.length === 0 ? {} : { max: count(args, 'json(1000)') }),
};

const marks = ['index', 'unique', 'pii', 'immutable', 'output_only'] as const;

/** Reads `total:decimal(12,2)!@index=0`. Throws a {@link FlagProblem}. */
export function parseField(text: string): [name: string, field: ManifestField] {
  const match = /^([^:\s]+):([A-Za-z0-9_]+)(?:\(([^()]*)\))?([^=]*)(?:=([\s\S]*))?$/.exec(text);
  if (!match) throw new FlagProblem('this is not a field', { allowed: 'name:type, such as email:string(254)!' });
  const [, name = '', type = '', args, flags = '', fallback] = match;
  if (!isType(type)) throw unknownType(type);
  const list = (args ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '');
  const options: Options = { ...readArguments[type](list), ...readMarks(flags) };
  if (fallback !== undefined) options.default = defaultValue(fallback, type);
  return [name, { type, ...options } as ManifestField];
}

function isType(type: string): type is ManifestField['type'] {
  return Object.hasOwn(readArguments, type);
}

function unknownType(type: string): FlagProblem {
  const types = Object.keys(readArguments);
  const aliases: Readonly<Record<string, string>> = {
    int: 'int64',
    integer: 'int64',
    float: 'float64',
    number: 'decimal',
    datetime: 'timestamp',
    boolean: 'bool',
    varchar: 'string',
  };
  const meant = Object.hasOwn(aliases, type) ? aliases[type] : suggest(type, types);
  return new FlagProblem(`there is no type ${type}`, { allowed: types.join(', '), hint: didYouMean(meant) });
}

function readMarks(flags: string): Options {
  const options: Options = {};
  for (const [flag] of flags.matchAll(/!|\?|@[A-Za-z_-]*|[^!?@]+/g)) {
    if (flag === '!') options.required = true;
    else if (flag !== '?') options[mark(flag)] = true;
  }
  if (flags.includes('!') && flags.includes('?'))
    throw new FlagProblem('a field is either required (!) or optional (?)');
  return options;
}

function mark(flag: string): (typeof marks)[number] {
  const name = flag.slice(1).replaceAll('-', '_');
  const known = marks.find((each) => flag.startsWith('@') && each === name);
  if (known) return known;
  const hint = didYouMean(suggest(name, marks));
  throw new FlagProblem('this is not a mark', {
    found: flag,
    allowed: `! ? ${marks.map((each) => `@${each}`).join(' ')} =default`,
    hint: hint?.replace('mean ', 'mean @'),
  });
}

function count([arg, ...more]: readonly string[], example: string): number {
  if (arg === undefined || more.length > 0 || !/^[0-9]{1,9}$/.test(arg))
    throw new FlagProblem('a number is needed in the parentheses', { allowed: example });
  return Number(arg);
}

function none(args: readonly string[]): Options {
  if (args.length > 0) throw new FlagProblem('this type has nothing in parentheses');
  return {};
}

function defaultValue(text: string, type: ManifestField['type']): unknown {
  switch (type) {
    case 'bool':
      return text === 'true' || (text === 'false' ? false : text);
    case 'int32':
    case 'int64':
    case 'float64':
    case 'decimal':
      return numberValue(text);
    case 'json':
      return json(text);
    default:
      return text.startsWith('"') ? json(text) : text;
  }
}

/** A number where JavaScript keeps it exactly, else its text. */
function numberValue(text: string): number | string {
  if (!parseDecimal(text)) throw new FlagProblem('the default is not a number');
  return String(Number(text)) === text ? Number(text) : text;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new FlagProblem('the default is not JSON', { allowed: 'JSON, such as "in progress"' });
  }
}
