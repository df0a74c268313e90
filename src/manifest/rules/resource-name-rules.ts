import { announcedAs } from '../../names/announced-as.js';
import { goActionHandler, goActionMethod, goEnumType, goFieldName, goResourceType } from '../../names/go-names.js';
import { operationNames as standardOperations } from '../../names/operation-names.js';
import { pascal } from '../../text/case.js';
import type { DraftResource } from '../grammar.js';
import type { Path, Report } from '../problem.js';
import { clashes, type Spelling } from './clashes.js';

/** Fields that every resource has. */
const builtIn = ['id', 'created_at', 'updated_at', 'version'];

/** Names within one resource that become one in Go. */
export function resourceNameRules(name: string, resource: DraftResource, path: Path, report: Report): void {
  const { fields = {}, actions = {} } = resource;
  const always = builtIn.map((field) => ({ what: `built-in field ${field}`, path, spelling: goFieldName(field) }));
  const declared = Object.keys(fields).map((field) => ({
    what: `field ${field}`,
    path: [...path, 'fields', field],
    spelling: goFieldName(field),
  }));
  const own = declared.filter((each) => !declaresBuiltIn(each, report));
  const methods = Object.keys(actions).map((action) => ({
    what: `action ${action}`,
    path: [...path, 'actions', action],
    spelling: goActionMethod(action),
  }));
  clashes([...always, ...own, ...methods], 'the Go name', report);
  const handlers = methods.map((each) => ({ ...each, spelling: goActionHandler(String(each.path.at(-1))) }));
  clashes(handlers, 'the Go method', report);
  clashes(packageNames(name, resource, path), 'the Go name', report);
  columns(fields, path, report);
  if (resource.events) clashes(verbs(resource, path), 'the event', report);
}

/** Fields that were renamed keep their columns: no two fields have one. */
function columns(fields: NonNullable<DraftResource['fields']>, path: Path, report: Report): void {
  const taken = new Map([...builtIn, ...Object.keys(fields)].map((name) => [name, name]));
  for (const [name, field] of Object.entries(fields)) {
    if (field?.was === undefined) continue;
    const place = [...path, 'fields', name, 'was'];
    const other = taken.get(field.was);
    if (field.was === name) report(place, 'was is another name than that of now');
    else if (other !== undefined)
      report(place, `the column ${field.was} is that of ${other}`, {
        found: field.was,
        hint: 'take another name for it',
      });
    taken.set(field.was, name);
  }
}

/** The last words of the types of events. */
function verbs({ operations = standardOperations, actions = {} }: DraftResource, path: Path): readonly Spelling[] {
  const standard = operations.flatMap((operation) => {
    const spelling = announcedAs[operation];
    return spelling === undefined ? [] : [{ what: `operation ${operation}`, path, spelling }];
  });
  const transitions = Object.keys(actions).map((action) => ({
    what: `action ${action}`,
    path: [...path, 'actions', action],
    spelling: action,
  }));
  return [...standard, ...transitions];
}

function declaresBuiltIn({ path }: Spelling, report: Report): boolean {
  const name = String(path.at(-1));
  const isBuiltIn = builtIn.includes(name);
  if (isBuiltIn) report(path, `field ${name} is always there and cannot be declared`, { on: 'key' });
  return isBuiltIn;
}

/** Every exported name of the resource's package that follows from the manifest. */
function packageNames(name: string, { fields = {} }: DraftResource, path: Path): readonly Spelling[] {
  const own = { what: `resource ${name}`, path, spelling: goResourceType(name) };
  const ofFields = Object.entries(fields).flatMap(([field, options]) => {
    const place = [...path, 'fields', field];
    const sortKey = { what: `field ${field}`, path: place, spelling: `SortBy${pascal(field)}` };
    const taken = options?.unique
      ? [{ what: `unique field ${field}`, path: place, spelling: `Err${pascal(field)}Taken` }]
      : [];
    if (options?.type !== 'enum') return [sortKey, ...taken];
    const type = goEnumType(field, name);
    const values = (options.values ?? []).map((value, index) => ({
      what: `value ${value} of ${field}`,
      path: [...place, 'values', index],
      spelling: type + pascal(value),
    }));
    return [sortKey, ...taken, { what: `field ${field}`, path: place, spelling: type }, ...values];
  });
  return [own, ...ofFields];
}
