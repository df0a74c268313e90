import {
  protoEnumPrefix,
  protoEnumValue,
  protoField,
  protoGoFields,
  protoGoName,
  protoMember,
  protoPascal,
  protoSystemFields,
} from '../names/proto-names.js';
import { snake, words } from '../text/case.js';
import { json } from '../text/quote.js';
import type { Field, FieldType, Literal } from './field-model.js';
import type { Numbers, StableNumber } from './numbers.js';
import type { ActionProto, EnumValueProto, FieldProto, ResourceProto, ServiceProto } from './proto-model.js';
import type { Assignment, Resource, ResourceFacts } from './resource-model.js';

/** A field before it has its names in protobuf. */
export type PlainField = Omit<Field, 'proto'>;

/** Returns what a service is called in protobuf. */
export function serviceProto(name: string, module: string, resources: readonly Resource[]): ServiceProto {
  const goPackage = `${words(name).join('')}v1`;
  const goImport = `${module}/api/proto/${snake(name)}/v1`;
  return {
    package: `${snake(name)}.v1`,
    goPackage,
    goImport,
    goPackageOption: `${goImport};${goPackage}`,
    isUsed: resources.some(({ has }) => has.store),
  };
}

/** Returns what a resource is called in protobuf. */
export function resourceProto(
  name: string,
  plural: string,
  { answers, list }: ResourceFacts,
  lists: Pick<Resource, 'fields' | 'createFields' | 'mandatoryFields' | 'mandatoryUpdateFields'>,
  numbers: Numbers,
): ResourceProto {
  const [message, many] = [protoPascal(name), protoPascal(plural)];
  const [member, members] = [protoMember(name), protoMember(plural)];
  return {
    message,
    goMessage: protoGoName(message),
    plural: many,
    goPlural: protoGoName(many),
    member,
    goMember: goMember(member),
    members,
    goMembers: goMember(members),
    goService: protoGoName(`${message}Service`),
    isAnswered: answers || list,
    ...reservedIn(
      numbers.below(`proto/${name}/`),
      lists.fields.map((field) => field.column),
      protoField,
    ),
    hasJSON: lists.fields.some(({ is }) => is.json),
    hasRefusals: lists.mandatoryFields.length > 0 || lists.createFields.some(({ proto }) => proto.wrong !== ''),
    smallestBody: examples(lists.mandatoryFields, 'first'),
    otherBody: examples(lists.createFields, 'second'),
    smallestUpdate: examples(lists.mandatoryUpdateFields, 'second'),
    defaultsObject: `{${lists.createFields.flatMap((field) => defaultMember(field, field.proto.enumValues)).join(', ')}}`,
  };
}

/** Returns what an action is called in protobuf. */
export function actionProto(action: string, resource: string, effect: string, set: readonly Assignment[]): ActionProto {
  const method = protoPascal(action) + protoPascal(resource);
  const goMethod = protoGoName(method);
  const members = set.map(
    ({ field, value }) => `"${field.proto.name}": ${literalJSON(field, field.proto.enumValues, value)}, `,
  );
  return { method, goMethod, doc: `${goMethod} ${effect}`, setsBody: members.join('') };
}

/** Returns the fields of a resource with their names in protobuf. */
export function withProto(
  resource: string,
  receiver: string,
  fields: readonly PlainField[],
  numbers: Numbers,
): readonly Field[] {
  const named = fields.map((field) => ({ name: protoField(field.name), optional: isOptional(field) }));
  const system = protoSystemFields.map((name) => ({ name, optional: false }));
  const goNames = protoGoFields([...system, ...named]).slice(system.length);
  const filters = filterNames(fields);
  return fields.map((field, index) => ({
    ...field,
    proto: fieldProto(field, {
      resource,
      receiver,
      numbers,
      goName: goNames[index] ?? '',
      goFilter: filters.get(field.name) ?? '',
    }),
  }));
}

interface FieldPlace {
  readonly resource: string;
  readonly receiver: string;
  readonly numbers: Numbers;
  readonly goName: string;
  readonly goFilter: string;
}

/** What differs by type: the type in protobuf, and in which form Go has the value there. */
const forms: Readonly<Record<FieldType, { readonly type: string; readonly form: 'plain' | 'text' | 'other' }>> = {
  string: { type: 'string', form: 'plain' },
  text: { type: 'string', form: 'plain' },
  int32: { type: 'int32', form: 'plain' },
  int64: { type: 'int64', form: 'plain' },
  float64: { type: 'double', form: 'plain' },
  bool: { type: 'bool', form: 'plain' },
  decimal: { type: 'string', form: 'text' },
  uuid: { type: 'string', form: 'text' },
  date: { type: 'string', form: 'text' },
  timestamp: { type: 'google.protobuf.Timestamp', form: 'other' },
  json: { type: 'google.protobuf.Value', form: 'other' },
  enum: { type: '', form: 'other' },
};

/** JSON of values that a message can hold and a field cannot. */
const wrong: Readonly<Partial<Record<FieldType, string>>> = {
  decimal: '"many"',
  uuid: '"not a UUID"',
  date: '"yesterday"',
  float64: '"NaN"',
  enum: '999',
};

/** So many values an enum has before its table in Go is written on one line. */
const mostLines = 70;

/** Messages and enums know by themselves whether they are given. */
function isOptional({ type }: PlainField): boolean {
  return forms[type].form !== 'other';
}

/** What of the known numbers is used no more, for `reserved`, with the names as protobuf spells them. */
function reservedIn(
  known: readonly StableNumber[],
  used: readonly string[],
  spell: (name: string) => string,
): { readonly reservedNumbers: string; readonly reservedNames: string } {
  const gone = known
    .map(({ name, number }) => ({ name: name.slice(name.lastIndexOf('/') + 1), number }))
    .filter(({ name }) => !used.includes(name))
    .sort((a, b) => a.number - b.number);
  return {
    reservedNumbers: gone.map(({ number }) => String(number)).join(', '),
    reservedNames: gone.map(({ name }) => json(spell(name))).join(', '),
  };
}

/** The Go names of filters in the request of the list. */
function filterNames(fields: readonly PlainField[]): ReadonlyMap<string, string> {
  const own = ['page_size', 'page_token', 'order_by'].map((name) => ({ name, optional: false }));
  const filters = fields.filter(({ filterable }) => filterable);
  const names = filters.map((field) => ({ name: protoField(field.name), optional: isOptional(field) }));
  const goNames = protoGoFields([...own, ...names]).slice(own.length);
  return new Map(filters.map(({ name }, index) => [name, goNames[index] ?? '']));
}

function fieldProto(field: PlainField, { resource, receiver, numbers, goName, goFilter }: FieldPlace): FieldProto {
  const message = protoPascal(resource);
  const enumName = field.is.enum ? protoPascal(field.name) : '';
  const prefix = protoEnumPrefix(enumName);
  const enumValues = field.values.map(({ value, goConstOutside }): EnumValueProto => {
    const name = protoEnumValue(prefix, value);
    return {
      name,
      number: numbers.protoValue(resource, field.column, value),
      goConst: `${protoGoName(message)}_${name}`,
      goConstOutside,
    };
  });
  const { type, form } = forms[field.type];
  const label = isOptional(field) ? 'optional ' : '';
  return {
    name: protoField(field.name),
    number: numbers.protoField(resource, field.column),
    type: `${label}${type || enumName}`,
    typeOutside: `${label}${type || `${message}.${enumName}`}`,
    behavior: behavior(field),
    goName,
    goFilter,
    enumName,
    enumZero: `${prefix}_UNSPECIFIED`,
    goEnum: field.is.enum ? protoGoName(`${message}.${enumName}`) : '',
    enumValues,
    ...reservedIn(
      numbers.below(`proto/${resource}/${field.column}/`),
      field.values.map(({ value }) => value),
      (value) => protoEnumValue(prefix, value),
    ),
    longEnum: enumValues.length > mostLines,
    isPlain: form === 'plain' && !field.is.float64,
    isText: form === 'text',
    encoded: encoded(field, `${receiver}.${field.goName}`),
    first: literalJSON(field, enumValues, field.examples.first),
    second: literalJSON(field, enumValues, field.examples.second),
    wrong: wrong[field.type] ?? '',
    defaultObject: `{${defaultMember(field, enumValues).join('')}}`,
  };
}

function behavior({ required, outputOnly, immutable }: PlainField): string {
  if (outputOnly) return 'Output only.';
  return [...(required ? ['Required.'] : []), ...(immutable ? ['Immutable.'] : [])].join(' ');
}

function encoded({ type, pointer, scale, names, goVar }: PlainField, value: string): string {
  switch (type) {
    case 'uuid':
    case 'date':
      return pointer ? `protobody.Text(${value})` : `new(${value}.String())`;
    case 'decimal':
      return pointer ? `protobody.Fixed(${value}, ${scale})` : `new(${value}.StringFixed(${scale}))`;
    case 'timestamp':
      return pointer ? `protobody.Timestamp(${value})` : `timestamppb.New(${value})`;
    case 'enum':
      return `protobody.NumberOf(${pointer ? '' : '&'}${value}, s.${names.camel}Values())`;
    case 'json':
      return goVar;
    default:
      return pointer ? value : `new(${value})`;
  }
}

/** Returns the JSON member of a field's default, if it has one. */
function defaultMember(field: PlainField, values: readonly EnumValueProto[]): readonly string[] {
  return field.default ? [`"${protoField(field.name)}": ${literalJSON(field, values, field.default)}`] : [];
}

function examples(fields: readonly Field[], which: 'first' | 'second'): string {
  return fields.map(({ proto }) => `"${proto.name}": ${proto[which]}`).join(', ');
}

/**
 * Protobuf's JSON of a value is that of REST but for enums, whose values have other names, and fractions of seconds, which
 * have 3 or 6 digits.
 */
function literalJSON(field: PlainField, values: readonly EnumValueProto[], literal: Literal): string {
  if (field.is.timestamp)
    return literal.json.replace(
      /\.(\d+)Z/,
      (_, digits: string) => `.${digits.padEnd(digits.length > 3 ? 6 : 3, '0')}Z`,
    );
  if (!field.is.enum) return literal.json;
  const at = field.values.findIndex(({ value }) => value === literal.text);
  return json(values[at]?.name ?? literal.text);
}

function goMember(name: string): string {
  return protoGoFields([{ name, optional: false }])[0] ?? '';
}
