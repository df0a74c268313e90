import { operationNames } from '../../names/operation-names.js';
import { listParameters, operationNames as takenActions } from '../../names/reserved.js';
import { suggest } from '../../text/suggest.js';
import type { DraftField, DraftResource } from '../grammar.js';
import { didYouMean, type Path, type Report, shown } from '../problem.js';
import { actionRules } from './action-rules.js';
import { repeatedItems } from './repeated-items.js';
import { resourceNameRules } from './resource-name-rules.js';
import { rowBytes } from './row-bytes.js';
import type { Rule } from './rule.js';

/** MySQL's longest row, without what TEXT and JSON keep elsewhere. */
const longestRow = 65_535;
/** Columns of which InnoDB keeps at least 40 bytes each in a page of 16 KiB, half of which a row may take. */
const mostFields = 150;
/** MySQL's 64 indexes of a table, less the primary key and those of created_at and updated_at. */
const mostIndexes = 61;

/** Each resource as a whole. */
export const resourceRules: Rule = ({ resources = {} }, report) => {
  for (const [name, resource] of Object.entries(resources)) {
    if (!resource) continue;
    const path = ['resources', name];
    for (const check of checks) check(resource, path, report);
    resourceNameRules(name, resource, path, report);
  }
};

type Check = (resource: DraftResource, path: Path, report: Report) => void;

const size: Check = ({ store, fields = {} }, path, report) => {
  const all = Object.values(fields).filter((field) => field !== undefined) as DraftField[];
  const bytes = all.reduce((sum, field) => sum + rowBytes(field), rowBytes({ type: 'uuid' }) + 24);
  const indexes = all.filter(({ index, unique }) => index || unique).length;
  if (all.length > mostFields)
    report([...path, 'fields'], 'there are too many fields', {
      on: 'key',
      found: String(all.length),
      allowed: `at most ${mostFields}`,
    });
  if (store !== 'mysql') return;
  if (bytes > longestRow) {
    const allowed = `at most ${longestRow} bytes, 4 for each character`;
    report([...path, 'fields'], 'a row would be too long for MySQL', {
      on: 'key',
      found: `${bytes} bytes`,
      allowed,
      hint: 'use type text for long texts',
    });
  }
  if (indexes > mostIndexes) {
    report([...path, 'fields'], 'there are too many indexes for MySQL', {
      on: 'key',
      found: String(indexes),
      allowed: `at most ${mostIndexes}`,
    });
  }
};

const operations: Check = ({ operations: listed, fields = {}, store }, path, report) => {
  repeatedItems(listed, [...path, 'operations'], report);
  if (store === undefined) return;
  const changeable = Object.values(fields).some((field) => field && !field.output_only && !field.immutable);
  if (changeable || !(listed ?? operationNames).includes('update')) return;
  const place = listed ? [...path, 'operations'] : path;
  const hint = `write operations: [${(listed ?? operationNames).filter((each) => each !== 'update').join(', ')}]`;
  report(place, 'there is nothing that update could change: no field that a client may give and change', {
    on: 'key',
    hint,
  });
};

const listFilters: Check = ({ fields = {} }, path, report) => {
  for (const [name, field] of Object.entries(fields)) {
    if (!listParameters.has(name) || !(field?.index || field?.unique)) continue;
    report([...path, 'fields', name], `field ${name} cannot be indexed: every list has a parameter of this name`, {
      on: 'key',
    });
  }
};

const actions: Check = (resource, path, report) => {
  for (const [name, action] of Object.entries(resource.actions ?? {})) {
    const place = [...path, 'actions', name];
    if (takenActions.has(name)) report(place, `no action is named ${name}: it is an operation`, { on: 'key' });
    if (action) actionRules(action, resource, place, report);
  }
};

/** RFC 6749, section 3.3: scope-token. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

const scopes: Check = (
  { scopes: all = {}, operations: listed = operationNames, actions: declared = {} },
  path,
  report,
) => {
  const known = [...listed, ...Object.keys(declared)];
  for (const [name, tokens] of Object.entries(all)) {
    const place = [...path, 'scopes', name];
    if (!known.includes(name)) {
      report(place, `there is no operation or action ${shown(name)}`, {
        on: 'key',
        allowed: known.join(', '),
        hint: didYouMean(suggest(name, known)),
      });
    }
    tokens?.forEach((token, index) => {
      if (!scopeToken.test(token))
        report([...place, index], 'this is not a scope', {
          found: shown(token),
          allowed: 'printable ASCII without spaces, quotes and backslashes',
        });
    });
    repeatedItems(tokens, place, report);
  }
};

const cache: Check = ({ cache: options, operations: listed = operationNames }, path, report) => {
  if (options && !listed.includes('get')) {
    report([...path, 'cache'], 'there is nothing to cache: only get reads through the cache', {
      on: 'key',
      hint: 'leave cache out, or add get to operations',
    });
  }
  if (options?.ttl !== undefined && /^[0.]+[a-zµ]+$/.test(options.ttl)) {
    report([...path, 'cache', 'ttl'], 'ttl is zero', { found: options.ttl, allowed: 'a duration above zero' });
  }
};

const checks: readonly Check[] = [size, operations, listFilters, actions, scopes, cache];
