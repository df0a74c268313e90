import {
  protoEnumPrefix,
  protoEnumValue,
  protoField,
  protoGoName,
  protoPascal,
  protoSystemFields,
} from '../../names/proto-names.js';
import { snake } from '../../text/case.js';
import { plural } from '../../text/plural.js';
import type { Draft, DraftResource } from '../grammar.js';
import type { Report } from '../problem.js';
import { clashes, type Spelling } from './clashes.js';

/** Names that become one in protobuf, or in the Go that is generated from it. */
export function protoNameRules({ resources = {} }: Draft, report: Report): void {
  const all = Object.entries(resources);
  const files = all.flatMap(([name]) => spelled(resourceAt(name), [snake(name), `${snake(name)}_grpc`]));
  clashes(files, 'the generated file', report);
  clashes(
    all.flatMap(([name, resource]) => topLevel(name, resource)),
    'the protobuf name',
    report,
  );
  for (const [name, resource] of all) insideMessage(name, resource, report);
}

type Place = Omit<Spelling, 'spelling'>;

function spelled(place: Place, spellings: readonly string[]): readonly Spelling[] {
  return spellings.map((spelling) => ({ ...place, spelling }));
}

function resourceAt(name: string): Place {
  return { what: `resource ${name}`, path: ['resources', name] };
}

/** Messages, services, and what the generated Go has beside them. */
function topLevel(name: string, resource: DraftResource | undefined): readonly Spelling[] {
  const [one, many] = [protoPascal(name), protoPascal(resource?.plural ?? plural(name))];
  const requests = [...['Create', 'Get', 'Update', 'Delete'].map((verb) => verb + one), `List${many}`];
  const service = `${one}Service`;
  const generated = [`${service}Client`, `${service}Server`, `Unimplemented${service}Server`, `Unsafe${service}Server`];
  const own = [one, ...requests.map((each) => `${each}Request`), `List${many}Response`, service, ...generated];
  const actions = Object.keys(resource?.actions ?? {}).flatMap((action) =>
    spelled({ what: `action ${action} of ${name}`, path: ['resources', name, 'actions', action] }, [
      protoGoName(`${protoPascal(action)}${one}Request`),
    ]),
  );
  return [...spelled(resourceAt(name), own.map(protoGoName)), ...actions];
}

/** Fields, enums and the values of all enums share the message of a resource. */
function insideMessage(name: string, resource: DraftResource | undefined, report: Report): void {
  const fields = Object.entries(resource?.fields ?? {}).map(([field, options]) => ({
    place: { what: `field ${field}`, path: ['resources', name, 'fields', field] },
    field,
    values: options?.type === 'enum' ? (options.values ?? []) : undefined,
  }));
  const system = protoSystemFields.flatMap((field) =>
    spelled({ ...resourceAt(name), what: `built-in field ${field}` }, [field]),
  );
  clashes(
    [...system, ...fields.flatMap(({ place, field }) => spelled(place, [protoField(field)]))],
    'the protobuf field',
    report,
  );
  const enums = fields.flatMap(({ place, field, values }) => {
    if (!values) return [];
    const prefix = protoEnumPrefix(protoPascal(field));
    const names = values.map((value, index) => ({
      what: `value ${value} of ${field}`,
      path: [...place.path, 'values', index],
      spelling: protoEnumValue(prefix, String(value)),
    }));
    return [...spelled(place, [protoGoName(protoPascal(field)), `${prefix}_UNSPECIFIED`]), ...names];
  });
  clashes(enums, 'the protobuf name', report);
}
