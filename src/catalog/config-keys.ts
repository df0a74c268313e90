import type { ConfigKey } from './catalog.js';

const structPattern = /^type (\w+) struct \{\n([\s\S]*?)^\}/gm;
const fieldPattern = /^\t(\w+)\s+(\S.*?)\s+`([^`]*)`/;

/** Returns the configuration keys that a Go file's structs declare with `env:` tags, in source order. */
export function configKeys(source: string): readonly ConfigKey[] {
  return [...source.matchAll(structPattern)].flatMap(([, struct = '', body = '']) => structKeys(struct, body));
}

function structKeys(struct: string, body: string): readonly ConfigKey[] {
  const keys: ConfigKey[] = [];
  let comment: string[] = [];
  for (const line of body.split('\n')) {
    const text = /^\t\/\/ ?(.*)$/.exec(line)?.[1];
    if (text !== undefined) {
      comment.push(text.trim());
      continue;
    }
    const key = fieldKey(struct, line, comment.join(' ').trim());
    if (key) keys.push(key);
    comment = [];
  }
  return keys;
}

function fieldKey(struct: string, line: string, doc: string): ConfigKey | undefined {
  const [, field, type, tag] = fieldPattern.exec(line) ?? [];
  if (field === undefined || type === undefined || tag === undefined) return undefined;
  const { env, envDefault, secret, min, max } = tagValues(tag);
  if (env === undefined) return undefined;
  const [key = '', ...options] = env.split(',');
  return {
    key,
    struct,
    field,
    type,
    ...(envDefault === undefined ? {} : { default: envDefault }),
    required: options.includes('required'),
    secret: secret === 'true',
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    doc,
  };
}

/** Returns the pairs of a Go struct tag: `a:"1" b:"2"`. */
function tagValues(tag: string): Partial<Record<string, string>> {
  const pairs = [...tag.matchAll(/(\w+):("(?:[^"\\]|\\.)*")/g)];
  return Object.fromEntries(pairs.map(([, name = '', quoted = '""']) => [name, JSON.parse(quoted) as string]));
}
