import type { ManifestAction } from '../manifest/grammar.js';
import { goActionHandler, goActionMethod } from '../names/go-names.js';
import { prose } from '../text/case.js';
import { cases } from './action-cases.js';
import { completed } from './field.js';
import type { EnumValue, Field } from './field-model.js';
import { fieldKinds } from './fields/kinds.js';
import { names } from './names.js';
import { actionProto } from './proto.js';
import type { Action, Assignment, Condition } from './resource-model.js';

/** What an action needs to know about its resource. */
export interface ActionOwner {
  readonly resource: string;
  /** The resource's name: `OrderLine`. */
  readonly pascal: string;
  /** Path of the collection. */
  readonly path: string;
  readonly receiver: string;
  /** Go type of the aggregate outside its package. */
  readonly goTypeOutside: string;
  readonly fields: readonly Field[];
  readonly scopes: readonly string[];
}

/** Returns everything that templates ask about an action. */
export function action(name: string, written: ManifestAction, owner: ActionOwner): Action {
  const named = (key: string) => owner.fields.filter((field) => field.name === key);
  const conditions = Object.entries(written.when ?? {});
  const when = conditions.flatMap(([key, values]) => named(key).map((field) => condition(field, values, name, owner)));
  const set = Object.entries(written.set ?? {}).flatMap(([key, value]) =>
    named(key).map((field) => assignment(field, value)),
  );
  const goMethod = goActionMethod(name);
  const effect = effectOf(when, set);
  return {
    names: names(name),
    goMethod,
    handler: goActionHandler(name),
    path: `${owner.path}/{id}/${name}`,
    doc: `${goMethod} ${effect}`,
    scopes: owner.scopes,
    when,
    set,
    ...cases(when, owner),
    setsJSON: set.map(({ field, value }) => ({ name: field.name, json: value.json })),
    setsBody: set.map(({ field, value }) => `"${field.name}": ${value.json}, `).join(''),
    operationID: names(name).camel + owner.pascal,
    proto: actionProto(name, owner.resource, effect, set),
    canRefuse: when.some(({ refused }) => refused.length > 0),
  };
}

function condition(field: Field, allowed: readonly string[], action: string, { receiver }: ActionOwner): Condition {
  const isAllowed = ({ value }: EnumValue) => allowed.includes(value);
  const values = field.values.filter(isAllowed);
  const value = `${receiver}.${field.goName}`;
  const differs = values.map(({ goConst }) => `${field.pointer ? '*' : ''}${value} != ${goConst}`).join(' && ');
  return {
    field,
    values,
    refusedWhen: field.pointer ? `${value} == nil || ${differs}` : differs,
    message: `cannot ${prose(action)}: ${requirement(field, values)}`,
    refused: field.values.filter((value) => !isAllowed(value)),
  };
}

function assignment(field: Field, value: unknown): Assignment {
  const { values: enumValues, scale } = field;
  return { field, value: completed(fieldKinds[field.type].write(value, { enumValues, scale })) };
}

/** Returns what a comment says after the name: `sets state to paid. Before, state must be pending.` */
function effectOf(when: readonly Condition[], set: readonly Assignment[]): string {
  const changes = set.map(({ field, value }) => `${field.name} to ${value.text === '' ? 'nothing' : value.text}`);
  const effect = changes.length === 0 ? 'changes nothing but the version' : `sets ${listed(changes, 'and')}`;
  const before = when.map(({ field, values }) => requirement(field, values));
  return `${effect}.${before.length === 0 ? '' : ` Before, ${listed(before, 'and')}.`}`;
}

function requirement(field: Field, values: readonly EnumValue[]): string {
  return `${field.name} must be ${listed(
    values.map(({ value }) => value),
    'or',
  )}`;
}

/** Returns `a, b and c`. */
function listed(parts: readonly string[], last: 'and' | 'or'): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`;
}
