import { goString, oneLine } from '../../text/quote.js';
import type { Part } from './document.js';
import { goName } from './go-words.js';
import type { RestField, RestType } from './rest-contract.js';

/** A schema as a Go type. */
export interface GoType {
  /** `Order`, `[]string`, `uuid.UUID` */
  readonly go: string;
  readonly nullable: boolean;
  /** A number that is a text on the wire, for which encoding/json has an option. */
  readonly quoted: boolean;
  /** Has a value of its own for none: slices, maps and raw JSON. */
  readonly hasNil: boolean;
}

/** The Go types that schemas have become so far. */
export interface GoTypes {
  /** Returns the type of a schema; `name` is that of one which has no name of its own. */
  of(schema: Part, name: string): GoType;
  /** Takes a name for something else, so that no type has it. */
  take(name: string, place: Part): void;
  all(): readonly RestType[];
}

/** What says nothing about the type: validation, which is the peer's, and words for people. */
const ignored = new Set(
  (
    'type format description title default example examples deprecated readOnly writeOnly externalDocs xml nullable required ' +
    'properties items enum additionalProperties minLength maxLength pattern minimum maximum exclusiveMinimum exclusiveMaximum ' +
    'multipleOf minItems maxItems uniqueItems minProperties maxProperties contentMediaType contentEncoding $comment $id $schema'
  ).split(' '),
);

/** Returns an empty collection. */
export function goTypes(): GoTypes {
  const types = new Map<string, RestType | undefined>([
    ['Client', undefined],
    ['New', undefined],
    ['Document', undefined],
  ]);
  const places = new Map<string, string>();
  const take = (name: string, place: Part): void => {
    if (types.has(name)) place.fail(`becomes ${name} in Go, and so does something else`);
    types.set(name, undefined);
  };
  /** Declares a type once; a component that refers to itself finds its name taken by itself. */
  const declare = (schema: Part, name: string, make: () => RestType): GoType => {
    const origin = schema.component ?? schema.name;
    if (places.get(name) !== origin) {
      take(name, schema);
      places.set(name, origin);
      types.set(name, make());
    }
    return plain(name);
  };
  const of = (schema: Part, outer: string): GoType => {
    refuseUnknown(schema);
    const name = schema.component === undefined ? outer : goName(schema.component);
    const { kind, nullable } = kindOf(schema);
    // The way in which OpenAPI 3.0 says more about a reference.
    const [only] = schema.get('allOf')?.items() ?? [];
    if (only) return { ...of(only, name), ...(nullable && { nullable }) };
    const found = { ...typeOf(kind, schema, name), ...(nullable && { nullable }) };
    return found;
  };
  const typeOf = (kind: string, schema: Part, name: string): GoType => {
    switch (kind) {
      case 'either': {
        const inner = (schema.get('anyOf') ?? schema.get('oneOf'))?.items().find((one) => kindOf(one).kind !== 'null');
        return { ...of(inner ?? schema, name), nullable: true };
      }
      case 'object':
        return objectOf(schema, name);
      case 'array': {
        const items = schema.get('items');
        const entry = items ? of(items, `${name}Item`) : rawJSON;
        return {
          go: `[]${entry.nullable && !entry.hasNil ? '*' : ''}${entry.go}`,
          nullable: false,
          quoted: false,
          hasNil: true,
        };
      }
      case 'string':
        return schema.get('enum') ? declare(schema, name, () => enumOf(schema, name)) : textType(schema);
      case 'integer':
        return plain(schema.get('format')?.value() === 'int32' ? 'int32' : 'int64');
      case 'number':
        return plain(schema.get('format')?.value() === 'float' ? 'float32' : 'float64');
      case 'boolean':
        return plain('bool');
      default:
        return rawJSON;
    }
  };
  const objectOf = (schema: Part, name: string): GoType => {
    const members = schema.get('properties')?.entries() ?? [];
    const further = schema.get('additionalProperties');
    if (members.length > 0 || further?.value() === false)
      return declare(schema, name, () => structOf(schema, name, of));
    const value = further && further.value() === undefined ? of(further, `${name}Value`) : rawJSON;
    return { go: `map[string]${value.go}`, nullable: false, quoted: false, hasNil: true };
  };
  return { of, take, all: () => [...types.values()].flatMap((type) => type ?? []) };
}

function plain(go: string): GoType {
  return { go, nullable: false, quoted: false, hasNil: false };
}

const rawJSON: GoType = { go: 'json.RawMessage', nullable: false, quoted: false, hasNil: true };

function refuseUnknown(schema: Part): void {
  for (const [key, part] of schema.entries()) {
    if (ignored.has(key) || key.startsWith('x-')) continue;
    if ((key === 'anyOf' || key === 'oneOf') && isEither(part)) continue;
    if (key === 'allOf' && part.items().length === 1) continue;
    part.fail(
      'is not read here: a client has Go types, which have none of allOf, anyOf, oneOf, not, const and conditions',
    );
  }
}

/** Reports whether it is one schema or null. */
function isEither(choices: Part): boolean {
  const kinds = choices.items().map((one) => kindOf(one).kind);
  return kinds.length === 2 && kinds.filter((kind) => kind === 'null').length === 1;
}

/** Returns the one type that is not null, `any` where there is none, and whether null is allowed. */
function kindOf(schema: Part): { readonly kind: string; readonly nullable: boolean } {
  if (schema.get('anyOf') ?? schema.get('oneOf')) return { kind: 'either', nullable: true };
  const type = schema.get('type');
  const listed = type?.items().map((one) => one.text()) ?? [];
  const kinds = listed.filter((kind) => kind !== 'null');
  if (kinds.length > 1) type?.fail('has more than one type');
  const single = type?.value();
  const implied = schema.get('properties') ? 'object' : 'any';
  const kind = kinds[0] ?? (typeof single === 'string' ? single : listed.length > 0 ? 'null' : implied);
  return { kind, nullable: listed.includes('null') || schema.get('nullable')?.value() === true };
}

function textType(schema: Part): GoType {
  switch (schema.get('format')?.value()) {
    case 'uuid':
      return plain('uuid.UUID');
    case 'date-time':
      return plain('time.Time');
    case 'int64':
      return { ...plain('int64'), quoted: true };
    case 'byte':
      return { go: '[]byte', nullable: false, quoted: false, hasNil: true };
    default:
      return plain('string');
  }
}

function enumOf(schema: Part, name: string): RestType {
  const values =
    schema
      .get('enum')
      ?.items()
      .filter((one) => one.value() !== null) ?? [];
  const named = values.map((one) => ({ name: `${name}${goName(one.text())}`, literal: goString(one.text()) }));
  const twice = named.find((one, index) => named.findIndex((other) => other.name === one.name) !== index);
  if (twice) schema.fail(`has two values that become ${twice.name} in Go`);
  return {
    name,
    doc: docOf(name, schema, 'is a list of values in the document.'),
    fields: [],
    values: named,
    underlying: 'string',
    is: { struct: false, enum: true, other: false },
  };
}

function structOf(schema: Part, name: string, of: GoTypes['of']): RestType {
  const required = new Set(
    schema
      .get('required')
      ?.items()
      .map((one) => one.text()),
  );
  const fields = (schema.get('properties')?.entries() ?? []).map(([key, part]): RestField => {
    if (!/^[\w.$@ -]+$/.test(key)) part.fail('has a name that cannot stand in a tag of Go');
    return fieldOf(key, part, of(part, `${name}${goName(key)}`), required.has(key));
  });
  const twice = fields.find((one, index) => fields.findIndex((other) => other.name === one.name) !== index);
  if (twice) schema.fail(`has two members that become ${twice.name} in Go`);
  return {
    name,
    doc: docOf(name, schema, 'is a schema of the document.'),
    fields,
    values: [],
    underlying: '',
    is: { struct: true, enum: false, other: false },
  };
}

function fieldOf(key: string, part: Part, type: GoType, required: boolean): RestField {
  const quoted = type.quoted ? ',string' : '';
  const common = { name: goName(key), doc: oneLine(descriptionOf(part)) };
  if (required) {
    const pointer = type.nullable && !type.hasNil ? '*' : '';
    return { ...common, type: `${pointer}${type.go}`, tag: `\`json:"${key}${quoted}"\`` };
  }
  if (type.nullable && !type.hasNil) {
    const inner = type.quoted ? 'string' : type.go;
    return { ...common, type: `httpclient.Optional[${inner}]`, tag: `\`json:"${key},omitzero"\`` };
  }
  return { ...common, type: `${type.hasNil ? '' : '*'}${type.go}`, tag: `\`json:"${key}${quoted},omitempty"\`` };
}

/** Returns a doc comment: the name, and what the document says. */
function docOf(name: string, schema: Part, otherwise: string): string {
  const words = oneLine(descriptionOf(schema));
  return words === '' ? `${name} ${otherwise}` : `${name}: ${words}`;
}

/** Returns the description, empty without one. */
export function descriptionOf(part: Part): string {
  return wordsIn(part, 'description');
}

/** Returns the summary, or the description where there is none; empty without either. */
export function summaryOf(part: Part): string {
  return wordsIn(part, 'summary') || wordsIn(part, 'description');
}

function wordsIn(part: Part, key: string): string {
  const words = part.get(key)?.value();
  return typeof words === 'string' ? words : '';
}
