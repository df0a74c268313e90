import { UserError } from '../../errors.js';
import type { kindNames } from '../../names/kind-names.js';
import { parseField } from '../flag/parse-field.js';
import { checkOnce, parseResourceFlag } from '../flag/parse-resource-flag.js';
import { FlagProblem } from '../flag/tokens.js';
import type { Contents, Kind, Words } from './change.js';
import { withEntry, withItem, withoutEntry, withoutItem } from './edit-text.js';
import {
  entryKind,
  filled,
  known,
  listOption,
  mapAt,
  numberOption,
  onlyName,
  pairOf,
  refuseTwice,
  textOption,
} from './entry-kind.js';

const resource: Kind = {
  usage: 'NAME [FIELD:TYPE…]',
  add: (text, { words }, contents) => {
    const { name, resource: value } = parseResourceFlag(words.join(' '));
    refuseTwice(contents, ['resources'], name, 'resource');
    return withEntry(text, ['resources', name], value);
  },
  remove: (text, words, contents) => {
    const name = onlyName(words, 'resource', 'NAME');
    return withoutEntry(text, known(contents, ['resources'], name, 'resource'));
  },
};

const field: Kind = {
  usage: 'RESOURCE FIELD:TYPE…',
  add: (text, { words: [owner = '', ...definitions] }, contents) => {
    const path = [...known(contents, ['resources'], owner, 'resource'), 'fields'];
    if (definitions.length === 0) throw new UserError('a field is written as: field RESOURCE FIELD:TYPE…');
    const fields = definitions.map((definition) => readable(definition, () => parseField(definition)));
    const names = fields.map(([name]) => name);
    for (const [index, name] of names.entries()) {
      refuseTwice(contents, path, name, 'field');
      readable(definitions[index] ?? name, () => checkOnce(name, names));
    }
    return fields.reduce((before, [name, value]) => withEntry(before, [...path, name], value), text);
  },
  remove: (text, { words: [owner = '', ...names] }, contents) => {
    if (names.length === 0) throw new UserError('a field is named by its resource and its name: field RESOURCE NAME…');
    const path = [...known(contents, ['resources'], owner, 'resource'), 'fields'];
    const paths = [...new Set(names)].map((name) => known(contents, path, name, 'field'));
    return paths.reduce(withoutEntry, text);
  },
};

const action: Kind = {
  usage: 'RESOURCE NAME --when FIELD=VALUE,… --set FIELD=VALUE',
  add: (text, words, contents) => {
    const [owner = '', name = ''] = twoNames(words, 'action');
    const path = [...known(contents, ['resources'], owner, 'resource'), 'actions'];
    refuseTwice(contents, path, name, 'action');
    const pairs = (option: string) => listOption(words, option).map((each) => pairOf(each, '=', 'state=paid'));
    const when = filled(Object.fromEntries(pairs('when').map(([key, values]) => [key, values.split(',')])));
    const set = filled(Object.fromEntries(pairs('set').map(([key, value]) => [key, scalar(value)])));
    return withEntry(text, [...path, name], { ...(when && { when }), ...(set && { set }) });
  },
  remove: (text, words, contents) => withoutEntry(text, partOf(words, contents, 'actions', 'action')),
};

const config: Kind = {
  usage: 'KEY:TYPE[=DEFAULT] --description TEXT [--secret]',
  add: (text, words, contents) => {
    const definition = onlyName(words, 'config', config.usage);
    const [, name = '', type = '', value] = /^([^:=]+):([^=]+)(?:=([\s\S]*))?$/.exec(definition) ?? [];
    if (name === '') throw new UserError(`a config is written as: config ${config.usage}`);
    refuseTwice(contents, ['config'], name, 'config');
    const fallback =
      value === undefined ? {} : { default: type === 'string' || type === 'duration' ? value : scalar(value) };
    const secret = words.options.secret === true ? { secret: true } : {};
    const description = textOption(words, 'description') ?? '';
    return withEntry(text, ['config', name], { type, ...fallback, ...secret, description });
  },
  remove: (text, words, contents) =>
    withoutEntry(text, known(contents, ['config'], onlyName(words, 'config', 'KEY'), 'config')),
};

const task = entryKind('tasks', 'task', 'NAME [--queue …] [--payload KEY:TYPE] [--resource …] [--cron …]', (words) => ({
  queue: textOption(words, 'queue'),
  max_retry: numberOption(words, 'maxRetry'),
  timeout: textOption(words, 'timeout'),
  payload: filled(Object.fromEntries(listOption(words, 'payload').map((each) => pairOf(each, ':', 'order_id:uuid')))),
  cron: textOption(words, 'cron'),
  resource: textOption(words, 'resource'),
  compensates: textOption(words, 'compensates'),
}));

const consumer = entryKind('consumes', 'consumer', 'NAME --topic … --service … [--resource …]', (words) => ({
  topic: textOption(words, 'topic'),
  service: textOption(words, 'service'),
  resource: textOption(words, 'resource'),
  contract: textOption(words, 'contract'),
}));

const client = entryKind('clients', 'client', 'NAME --protocol grpc|rest [--contract …]', (words) => ({
  protocol: textOption(words, 'protocol'),
  contract: textOption(words, 'contract'),
}));

const environmentEntry = entryKind('environments', 'environment', 'NAME [--replicas N]', (words) => ({
  replicas: numberOption(words, 'replicas'),
}));

/** Without the block there are three environments; the first that is added must not take them away. */
const environment: Kind = {
  ...environmentEntry,
  add: (text, words, contents, all) => {
    const usual = Object.hasOwn(contents, 'environments') ? [] : ['dev', 'staging', 'prod'];
    const named = usual.reduce((before, name) => withEntry(before, ['environments', name], {}), text);
    const there = usual.length === 0 ? contents : { ...contents, environments: { dev: {}, staging: {}, prod: {} } };
    return environmentEntry.add(named, words, there, all);
  },
  remove: (text, words, contents, all) => {
    if (Object.keys(mapAt(contents, ['environments'])).length === 1)
      throw new UserError('a service has at least one environment: without any it would get dev, staging and prod');
    return environmentEntry.remove(text, words, contents, all);
  },
};

const events: Kind = {
  usage: 'RESOURCE',
  add: (text, words, contents) => {
    const path = known(contents, ['resources'], onlyName(words, 'resource', 'RESOURCE'), 'resource');
    refuseTwice(contents, path, 'events', 'key');
    return withEntry(text, [...path, 'events'], true);
  },
  remove: (text, words, contents) => {
    const path = known(contents, ['resources'], onlyName(words, 'resource', 'RESOURCE'), 'resource');
    return withoutEntry(text, known(contents, path, 'events', 'key'));
  },
};

const cache: Kind = {
  usage: 'RESOURCE --ttl DURATION',
  add: (text, words, contents) => {
    const path = known(contents, ['resources'], onlyName(words, 'resource', 'RESOURCE'), 'resource');
    refuseTwice(contents, path, 'cache', 'key');
    return withEntry(text, [...path, 'cache'], { ttl: textOption(words, 'ttl') ?? '5m' });
  },
  remove: (text, words, contents) => {
    const path = known(contents, ['resources'], onlyName(words, 'resource', 'RESOURCE'), 'resource');
    return withoutEntry(text, known(contents, path, 'cache', 'key'));
  },
};

/** The kinds by the word that is typed. */
export const kinds: Readonly<Record<(typeof kindNames)[number], Kind>> = {
  resource,
  field,
  action,
  task,
  consumer,
  client,
  environment,
  config,
  events,
  cache,
  rest: apiKind('rest'),
  grpc: apiKind('grpc'),
};

function apiKind(api: string): Kind {
  const apis = (contents: Contents) => (Array.isArray(contents.api) ? (contents.api as readonly string[]) : []);
  return {
    usage: '',
    add: (text, _, contents) => {
      if (apis(contents).includes(api)) throw new UserError(`the API ${api} is there already`);
      return withItem(text, ['api'], api);
    },
    remove: (text, _, contents) => {
      if (!apis(contents).includes(api)) throw new UserError(`there is no API ${api}`);
      return withoutItem(text, ['api'], api);
    },
  };
}

function partOf(words: Words, contents: Contents, part: string, kind: string): readonly string[] {
  const [owner = '', name = ''] = twoNames(words, kind);
  const path = known(contents, ['resources'], owner, 'resource');
  return known(contents, [...path, part], name, kind);
}

function twoNames({ words }: Words, kind: string): readonly string[] {
  if (words.length !== 2) throw new UserError(`a ${kind} is named by its resource and its name: ${kind} RESOURCE NAME`);
  return words;
}

function readable<T>(text: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FlagProblem)) throw error;
    const { message, found = text, allowed, hint } = error;
    const diagnostics = [{ file: text, line: 0, column: 0, message, found, allowed, hint }];
    throw new UserError('the field cannot be read', { diagnostics });
  }
}

function scalar(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
