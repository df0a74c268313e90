import {
  goPackage,
  goPayloadField,
  goResourceType,
  goTaskFile,
  goTaskHandler,
  goTaskType,
  goTaskUndo,
} from '../../names/go-names.js';
import { operationNames } from '../../names/reserved.js';
import { tableName } from '../../names/table-name.js';
import { camel, pascal, screaming } from '../../text/case.js';
import { plural } from '../../text/plural.js';
import type { Draft } from '../grammar.js';
import type { Known } from '../known.js';
import type { Path, Report } from '../problem.js';
import { clashes, type Spelling } from './clashes.js';
import { protoNameRules } from './proto-name-rules.js';
import type { Rule } from './rule.js';

/** Names that become one in some language. Names within a resource: `resource-name-rules.ts`. */
export const nameRules: Rule = (draft, report, known) => {
  resources(draft, report);
  if (draft.api?.includes('grpc')) protoNameRules(draft, report);
  inbox(draft, report);
  const groups = { consumer: 'consumes', client: 'clients' } as const;
  for (const [what, key] of Object.entries(groups) as [string, 'consumes' | 'clients'][]) {
    clashes(spelled(Object.keys(draft[key] ?? {}), what, [key], pascal), 'the Go name', report);
  }
  tasks(draft, report);
  if (known) clientKeys(draft, report, known);
  const keys = Object.keys(draft.config ?? {});
  clashes(spelled(keys, 'configuration key', ['config'], pascal), 'the Go name', report);
  for (const key of keys) {
    const reader = known?.environmentKeys.get(screaming(key));
    if (reader !== undefined)
      report(['config', key], `configuration key ${key} becomes ${screaming(key)}, which ${reader} reads already`, {
        on: 'key',
      });
  }
};

/** A client's keys begin with its name, which can make them those of somebody else. */
function clientKeys({ clients = {}, config = {} }: Draft, report: Report, known: Known): void {
  const taken = new Map([...known.environmentKeys]);
  for (const key of Object.keys(config)) taken.set(screaming(key), `configuration key ${key}`);
  for (const name of Object.keys(clients)) {
    const own = [...known.clientKeys].map((key) => `${screaming(name)}_${key}`);
    const clash = own.find((key) => taken.has(key));
    if (clash !== undefined)
      report(['clients', name], `client ${name} has the key ${clash}, which ${taken.get(clash)} reads already`, {
        on: 'key',
      });
    for (const key of own) taken.set(key, `client ${name}`);
  }
}

function tasks({ tasks: all = {} }: Draft, report: Report): void {
  const names = Object.keys(all);
  const as = (spelling: (name: string) => string) => spelled(names, 'task', ['tasks'], spelling);
  clashes(as(goTaskType), 'the Go name', report);
  clashes(as(goTaskFile), 'the Go file', report);
  const undos = names
    .filter((name) => all[name]?.compensates !== undefined)
    .map((name) => ({ what: `the compensation of ${name}`, path: ['tasks', name], spelling: goTaskUndo(name) }));
  clashes([...as(goTaskHandler), ...undos], 'the Go method', report);
  for (const name of names) {
    const keys = Object.keys(all[name]?.payload ?? {});
    clashes(spelled(keys, 'payload key', ['tasks', name, 'payload'], goPayloadField), 'the Go name', report);
  }
}

function resources({ resources: all = {} }: Draft, report: Report): void {
  const names = Object.keys(all);
  const many = (name: string) => all[name]?.plural ?? plural(name);
  const as = (spelling: (name: string) => string) => spelled(names, 'resource', ['resources'], spelling);
  const packages = as(goPackage);
  const testPackages = as((name) => `${goPackage(name)}test`);
  clashes([...packages, ...testPackages], 'the Go package', report);
  clashes(
    as((name) => `/v1/${many(name)}`),
    'the path',
    report,
  );
  clashes(
    as((name) => tableName(many(name))),
    'the table',
    report,
  );
  clashes([...as((name) => pascal(many(name))), ...as((name) => `New${pascal(many(name))}`)], 'the Go name', report);
  const schemas = ['', 'Create', 'Update', 'Patch', 'Page'].flatMap((suffix) =>
    as((name) => goResourceType(name) + suffix),
  );
  clashes(schemas, 'the type', report);
  clashes(operationIDs(all, many), 'the operation id', report);
}

/** Consumers have an inbox beside the stores of the resources. */
function inbox({ resources: all = {}, consumes = {} }: Draft, report: Report): void {
  if (Object.keys(consumes).length === 0) return;
  const stores = Object.entries(all).map(([name, resource]) => ({
    what: `resource ${name}`,
    path: ['resources', name],
    spelling: pascal(resource?.plural ?? plural(name)),
  }));
  clashes(
    [{ what: 'the inbox of the consumers', path: ['consumes'], spelling: 'Inbox' }, ...stores],
    'the Go name',
    report,
  );
}

function operationIDs(all: NonNullable<Draft['resources']>, many: (name: string) => string): readonly Spelling[] {
  return Object.entries(all).flatMap(([name, resource]) => {
    const own = { what: `resource ${name}`, path: ['resources', name] };
    const operations = ['create', 'get', 'replace', 'patch', 'delete'].map((verb) => ({
      ...own,
      spelling: verb + pascal(name),
    }));
    const named = Object.keys(resource?.actions ?? {}).filter((action) => !operationNames.has(action));
    const actions = named.map((action) => ({
      what: `action ${action} of ${name}`,
      path: ['resources', name, 'actions', action],
      spelling: camel(action) + pascal(name),
    }));
    return [...operations, { ...own, spelling: `list${pascal(many(name))}` }, ...actions];
  });
}

/** Returns the names of a map with their spellings. */
export function spelled(
  names: readonly string[],
  kind: string,
  path: Path,
  spelling: (name: string) => string,
): Spelling[] {
  return names.map((name) => ({ what: `${kind} ${name}`, path: [...path, name], spelling: spelling(name) }));
}
