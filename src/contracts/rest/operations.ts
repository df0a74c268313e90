import { goString, oneLine } from '../../text/quote.js';
import type { Part } from './document.js';
import { goArgument, goName } from './go-words.js';
import type { RestOperation, RestParam, RestParams, RestProbe } from './rest-contract.js';
import { descriptionOf, type GoTypes, summaryOf } from './schemas.js';

const methods: Readonly<Record<string, string>> = {
  get: 'http.MethodGet',
  put: 'http.MethodPut',
  post: 'http.MethodPost',
  delete: 'http.MethodDelete',
  patch: 'http.MethodPatch',
  head: 'http.MethodHead',
  options: 'http.MethodOptions',
};

/** What an operation may have that means nothing to its caller. */
const ignored = new Set(
  'operationId tags summary description externalDocs deprecated security servers parameters requestBody responses'.split(
    ' ',
  ),
);

/** The operations of a document, in its order. */
export interface Operations {
  readonly all: readonly RestOperation[];
  readonly probe?: RestProbe;
}

/** Returns the operations of a document, and gives the types that they need to `types`. */
export function operations(root: Part, types: GoTypes): Operations {
  const found = operationsOf(root, types);
  const probe = found.flatMap(({ probe: one }) => one ?? [])[0];
  return { all: found.map(({ operation: one }) => one), ...(probe && { probe }) };
}

interface Found {
  readonly operation: RestOperation;
  readonly probe?: RestProbe;
}

function operationsOf(root: Part, types: GoTypes): readonly Found[] {
  const paths = root.get('paths') ?? root.fail('has no paths');
  return paths.entries().flatMap(([path, item]) =>
    item.entries().flatMap(([key, part]): readonly Found[] => {
      const method = Object.hasOwn(methods, key) ? methods[key] : undefined;
      if (method !== undefined) return [operation(path, item, method, part, types)];
      if (/^(summary|description|parameters|servers|x-.*)$/.test(key)) return [];
      return part.fail('is not read here');
    }),
  );
}

function operation(path: string, item: Part, method: string, part: Part, types: GoTypes): Found {
  for (const [key, inner] of part.entries())
    if (!ignored.has(key) && !key.startsWith('x-')) inner.fail('is not read here');
  const id = (part.get('operationId') ?? part.fail('has no operationId, by which a client could call it')).text();
  const name = goName(id);
  types.take(`method ${name}`, part);
  const all = parametersOf(item, part);
  const inPath = all.filter((one) => one.get('in')?.value() === 'path');
  const body = bodyOf(part, name, types);
  const params = paramsOf(all, `${name}Params`, types, part);
  const given = [
    ...inPath.map((one) => `${goArgument(nameOf(one))} ${types.of(schemaOf(one), '').go}`),
    ...(body ? [`body ${body.type}`] : []),
    ...(params ? [`params ${params.name}`] : []),
  ];
  const words = oneLine(summaryOf(part));
  const result = resultOf(part, name, types);
  const probe = body || result === '' ? undefined : probeOf(inPath, params, types);
  return {
    operation: {
      name,
      doc: words === '' ? `${name} calls the operation ${id}.` : `${name}: ${sentence(words)}`,
      method,
      route: goString(path),
      path: pathExpression(path, inPath, types, item),
      arguments: given.map((one) => `, ${one}`).join(''),
      result,
      mediaType: body ? goString(body.mediaType) : '',
      ...(params && { params }),
    },
    ...(probe !== undefined && { probe: { name, operationId: goString(id), arguments: probe } }),
  };
}

/** Returns a summary as the rest of a sentence. */
function sentence(words: string): string {
  const isAcronym = /^[A-Z]{2}/.test(words);
  const start = isAcronym ? words : words.charAt(0).toLowerCase() + words.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

/** Returns arguments that any document allows: UUIDs in the path, and nothing else. */
function probeOf(inPath: readonly Part[], params: RestParams | undefined, types: GoTypes): string | undefined {
  if (params || !inPath.every((one) => types.of(schemaOf(one), '').go === 'uuid.UUID')) return undefined;
  return inPath.map(() => ', uuid.New()').join('');
}

/** Parameters of the operation take the place of those of its path. */
function parametersOf(item: Part, part: Part): readonly Part[] {
  const own = part.get('parameters')?.items() ?? [];
  const key = (one: Part) => `${one.get('in')?.value()} ${one.get('name')?.value()}`;
  const shared = (item.get('parameters')?.items() ?? []).filter((one) => !own.some((mine) => key(mine) === key(one)));
  return [...shared, ...own];
}

function nameOf(parameter: Part): string {
  return (parameter.get('name') ?? parameter.fail('has no name')).text();
}

function schemaOf(parameter: Part): Part {
  return parameter.get('schema') ?? parameter.fail('has no schema');
}

function pathExpression(path: string, parameters: readonly Part[], types: GoTypes, item: Part): string {
  const pieces = path.split(/(\{[^}]*\})/).filter((piece) => piece !== '');
  const terms = pieces.map((piece) => {
    if (!piece.startsWith('{')) return goString(piece);
    const parameter =
      parameters.find((one) => nameOf(one) === piece.slice(1, -1)) ?? item.fail(`does not describe ${piece}`);
    const argument = goArgument(nameOf(parameter));
    const { go, hasNil } = types.of(schemaOf(parameter), '');
    if (hasNil) parameter.fail('is a list or an object in a path, which is not read here');
    return `url.PathEscape(${go === 'string' ? argument : `httpclient.Text(${argument})`})`;
  });
  return terms.join(' + ');
}

function paramsOf(all: readonly Part[], name: string, types: GoTypes, part: Part): RestParams | undefined {
  const of = (place: string) => all.filter((one) => one.get('in')?.value() === place).map((one) => paramOf(one, types));
  const [query, header] = [of('query'), of('header')];
  const other = all.find((one) => !['path', 'query', 'header'].includes(String(one.get('in')?.value())));
  if (other) (other.get('in') ?? other).fail('is not read here: path, query or header');
  const fields = [...query, ...header];
  if (fields.length === 0) return undefined;
  const twice = fields.find((one, index) => fields.findIndex((same) => same.name === one.name) !== index);
  if (twice) part.fail(`has two parameters that become ${twice.name} in Go`);
  types.take(name, part);
  return { name, fields, query, header };
}

function paramOf(parameter: Part, types: GoTypes): RestParam {
  for (const key of ['style', 'explode', 'content', 'allowReserved', 'allowEmptyValue'])
    parameter.get(key)?.fail('is not read here');
  const schema = schemaOf(parameter);
  const type = schema.get('enum') ? { go: 'string', hasNil: false } : types.of(schema, '');
  const key = nameOf(parameter);
  const name = goName(key);
  const required = parameter.get('required')?.value() === true;
  const common = { name, key: goString(key), doc: docOf(parameter, required) };
  const value = `p.${name}`;
  if (type.hasNil) {
    if (!/^\[\](string|int32|int64|uuid\.UUID)$/.test(type.go)) schema.fail('is no list of texts, numbers or UUIDs');
    const entry = type.go === '[]string' ? 'entry' : 'httpclient.Text(entry)';
    return { ...common, type: type.go, given: '', text: entry, isList: true };
  }
  if (type.go === 'string')
    return { ...common, type: type.go, given: required ? '' : `${value} != ""`, text: value, isList: false };
  if (required) return { ...common, type: type.go, given: '', text: `httpclient.Text(${value})`, isList: false };
  return {
    ...common,
    type: `*${type.go}`,
    given: `${value} != nil`,
    text: `httpclient.Text(*${value})`,
    isList: false,
  };
}

function docOf(parameter: Part, required: boolean): string {
  return [required ? 'Required.' : '', oneLine(descriptionOf(parameter))].filter(Boolean).join(' ');
}

interface Body {
  readonly type: string;
  readonly mediaType: string;
}

/** Of several media types of a request, that of a merge patch says most. */
function bodyOf(part: Part, name: string, types: GoTypes): Body | undefined {
  const content = part.get('requestBody')?.get('content');
  if (!content) return undefined;
  const media = content.entries().filter(([type]) => /^application\/([\w.-]+\+)?json$/.test(type));
  const [mediaType, described] = media.find(([type]) => type !== 'application/json') ?? media[0] ?? [];
  if (mediaType === undefined) return content.fail('has no JSON, and nothing else is written here');
  const schema = described?.get('schema') ?? content.fail('has no schema');
  return { type: types.of(schema, `${name}Body`).go, mediaType };
}

/** Returns the type of the answer: of all successes, there may be one that has a body. */
function resultOf(part: Part, name: string, types: GoTypes): string {
  const responses = part.get('responses') ?? part.fail('has no responses');
  const successes = responses.entries().filter(([status]) => /^2(\d\d|XX)$/.test(status));
  if (successes.length === 0) responses.fail('has no success');
  const found = new Set(
    successes.flatMap(([, response]): readonly string[] => {
      const content = response.get('content');
      if (!content || content.entries().length === 0) return [];
      const json = content.entries().find(([type]) => /^application\/([\w.-]+\+)?json$/.test(type))?.[1];
      const schema = (json ?? content.fail('has no JSON, and nothing else is read here')).get('schema');
      return [types.of(schema ?? content.fail('has no schema'), `${name}Answer`).go];
    }),
  );
  if (found.size > 1) responses.fail('has successes of different types');
  return [...found][0] ?? '';
}
