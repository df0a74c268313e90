import type { DraftField, ManifestResource } from '../manifest/grammar.js';
import { goPackage, goReceiver, goResourceType } from '../names/go-names.js';
import { operationNames } from '../names/operation-names.js';
import { tableName } from '../names/table-name.js';
import { plural } from '../text/plural.js';
import { durationGo } from '../values/duration.js';
import { action } from './action.js';
import { announcements } from './announcements.js';
import { field } from './field.js';
import type { Field, FieldType } from './field-model.js';
import { names } from './names.js';
import { migrationPrefix, type Numbers, numberNames } from './numbers.js';
import { resourceProto, withProto } from './proto.js';
import type { Action, Operation, Resource, ResourceFacts, With } from './resource-model.js';
import { routes } from './routes.js';
import { sqlName } from './sql-name.js';
import { statements } from './table.js';

/** What a resource needs to know about its service. */
export interface ResourceOwner {
  readonly service: string;
  readonly module: string;
  /** Go packages of all resources. */
  readonly packages: ReadonlySet<string>;
  readonly numbers: Numbers;
  /** Its use cases return messages. */
  readonly messages: boolean;
}

/** Returns everything that templates ask about a resource. */
export function resource(name: string, written: ManifestResource, owner: ResourceOwner): Resource {
  const receiver = goReceiver(name, owner.packages);
  const own = names(name, owner.packages);
  const manyWritten = written.plural ?? plural(name);
  const many = names(manyWritten, new Set([...owner.packages, own.goVar, receiver]));
  const packageName = goPackage(name);
  const table = tableName(many.snake);
  const path = `/v1/${many.kebab}`;
  const fieldOwner = { resource: name, goPackage: packageName, table, receiver, packages: owner.packages };
  const declared: [string, DraftField & { type: FieldType }][] = Object.entries(written.fields ?? {});
  const plain = declared.map(([key, value]) => field(key, value, fieldOwner));
  const fields = withProto(name, receiver, plain, owner.numbers);
  const scopes = (operation: string, fallback: 'read' | 'write') =>
    written.scopes?.[operation] ?? [`${owner.service}.${fallback}`];
  const operations = operationNames
    .filter((operation) => (written.operations ?? operationNames).includes(operation))
    .map((operation) => standard(operation, scopes));
  const actions = Object.entries(written.actions ?? {}).map(([key, value]) =>
    action(key, value, {
      resource: name,
      pascal: own.pascal,
      path,
      receiver,
      goTypeOutside: `${packageName}.${goResourceType(name)}`,
      fields,
      scopes: scopes(key, 'write'),
    }),
  );
  const lists = fieldLists(fields, actions);
  const has = facts(fields, operations, { actions: actions.length > 0, events: written.events ?? false });
  const mysql = written.store === 'mysql';
  return {
    name,
    names: own,
    plural: many,
    goPackage: packageName,
    goImport: `${owner.module}/internal/${packageName}`,
    goType: goResourceType(name),
    goPlural: many.pascal,
    receiver,
    table,
    tableSQL: sqlName(table),
    migration: migrationPrefix(owner.numbers.migration(numberNames[mysql ? 'table' : 'documents'](name))),
    path,
    store: { name: written.store, mysql, mongodb: !mysql },
    cache: written.cache && { ttl: written.cache.ttl, ttlGo: durationGo(written.cache.ttl) },
    events: written.events ?? false,
    messages: owner.messages,
    changeResult: owner.messages ? '([]message.Message, error)' : 'error',
    noMessages: owner.messages ? 'nil, ' : '',
    topic: `${owner.service}.${name}.v1`,
    announcements: written.events
      ? announcements({ prefix: `${owner.service}.${name}`, names: own, operations, actions })
      : [],
    publicFields: fields.filter(({ pii }) => !pii),
    fields,
    ...lists,
    ...bodies(lists),
    ...statements({ table, fields, changingFields: lists.changingFields, isListed: has.list }),
    has,
    operations,
    scopes: scopesByOperation(operations),
    actions,
    routes: routes({ names: own, plural: many, path, operations, actions }),
    proto: resourceProto(name, manyWritten, has, { fields, ...lists }, owner.numbers),
  };
}

function standard(
  name: Operation['name'],
  scopes: (operation: string, fallback: 'read' | 'write') => readonly string[],
): Operation {
  const goMethod = name.charAt(0).toUpperCase() + name.slice(1);
  return { name, goMethod, scopes: scopes(name, name === 'get' || name === 'list' ? 'read' : 'write') };
}

function scopesByOperation(operations: readonly Operation[]): Resource['scopes'] {
  const of = (name: Operation['name']) => operations.find((each) => each.name === name)?.scopes ?? [];
  return { create: of('create'), get: of('get'), list: of('list'), update: of('update'), delete: of('delete') };
}

function fieldLists(fields: readonly Field[], actions: readonly Action[]) {
  const isSet = ({ name }: Field) => actions.some(({ set }) => set.some((each) => each.field.name === name));
  return {
    createFields: fields.filter((each) => each.onCreate),
    updateFields: fields.filter((each) => each.onUpdate),
    fixedFields: fields.filter((each) => each.onCreate && each.immutable),
    changingFields: fields.filter((each) => !each.immutable || isSet(each)),
    outputFields: fields.filter((each) => each.outputOnly),
    immutableFields: fields.filter((each) => each.immutable),
    requiredFields: fields.filter((each) => each.required),
    enumFields: fields.filter((each) => each.is.enum),
    uniqueFields: fields.filter((each) => each.unique),
    indexedFields: fields.filter((each) => each.index && !each.unique),
    filterFields: fields.filter((each) => each.filterable),
    sortFields: fields.filter((each) => each.sortable),
    piiFields: fields.filter((each) => each.pii),
    defaultFields: fields.filter((each): each is With<'default'> => each.default !== undefined),
    patternFields: fields.filter((each): each is With<'pattern'> => each.pattern !== undefined),
    nullableFields: fields.filter((each) => each.nullable),
    mandatoryFields: fields.filter((each) => each.onCreate && !each.nullable && each.default === undefined),
    mandatoryUpdateFields: fields.filter((each) => each.onUpdate && !each.nullable),
    clearableFields: fields.filter((each) => each.onUpdate && each.nullable),
  };
}

function bodies(lists: ReturnType<typeof fieldLists>) {
  const members = (fields: readonly Field[], example: 'first' | 'second') =>
    fields.map((each) => `"${each.name}": ${each.examples[example].json}`).join(', ');
  return {
    smallestBody: members(lists.mandatoryFields, 'first'),
    otherBody: members(lists.createFields, 'second'),
    smallestUpdate: members(lists.mandatoryUpdateFields, 'second'),
  };
}

/** Types of which not every value can be kept. */
function isAlwaysChecked({ is, maxLength }: Field): boolean {
  return is.string || is.text || is.decimal || is.timestamp || is.date || (is.json && maxLength > 0);
}

/** What is true of some of the resources; of none, nothing is. */
export function someFacts(resources: readonly Resource[]): ResourceFacts {
  const union: { -readonly [Name in keyof ResourceFacts]: boolean } = facts([], [], { actions: false, events: false });
  for (const { has } of resources)
    for (const name of Object.keys(union) as (keyof ResourceFacts)[]) union[name] ||= has[name];
  return union;
}

function facts(
  fields: readonly Field[],
  operations: readonly Operation[],
  { actions, events }: { readonly actions: boolean; readonly events: boolean },
): ResourceFacts {
  const has = (name: Operation['name']) => operations.some((operation) => operation.name === name);
  const some = (test: (each: Field) => boolean) => fields.some(test);
  const details = fields.filter((each) => each.onCreate);
  const [create, get, list] = [has('create'), has('get'), has('list')];
  const [update, remove, unique] = [has('update'), has('delete'), some((each) => each.unique)];
  const revisions = update || actions;
  const loads = get || revisions || remove;
  return {
    create,
    get,
    list,
    update,
    delete: remove,
    actions,
    writes: create || remove || revisions,
    changes: remove || revisions,
    onceKeys: create || actions,
    mayMatch: remove || actions,
    revisions,
    stamps: create || revisions,
    clock: create || revisions || (remove && events),
    touches: revisions || (remove && events),
    loads,
    reads: loads || list,
    bodies: create || update,
    answers: create || get || revisions,
    writesUnique: unique && (create || revisions),
    defaultDetails: details.some((each) => each.default !== undefined),
    store: create || list || loads,
    json: details.some(({ is }) => is.json),
    refusals: details.some((each) => !each.nullable || each.examples.refused.length > 0),
    absentees: details.some((each) => !each.nullable),
    revisionRefusals: update && details.some((each) => (each.immutable ? each.examples.distinct : !each.nullable)),
    fields: fields.length > 0,
    filters: some((each) => each.filterable),
    filterTests: some((each) => each.filterable && each.examples.distinct),
    clearable: some((each) => each.onUpdate && each.nullable),
    otherBody: some((each) => each.onCreate && each.examples.distinct),
    collection: create || list,
    accepts: get && (revisions || remove),
    item: get || update || remove,
    shown: get || revisions,
    sorts: some((each) => each.sortable),
    required: some((each) => each.required),
    immutable: some((each) => each.immutable),
    unique,
    enums: some((each) => each.is.enum),
    pii: some((each) => each.pii),
    checks: details.some((each) => !each.nullable || each.rules.length > 0 || isAlwaysChecked(each)),
    rules: some((each) => each.required || each.rules.length > 0),
  };
}
