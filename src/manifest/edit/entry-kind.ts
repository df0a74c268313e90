import { UserError } from '../../errors.js';
import { suggest } from '../../text/suggest.js';
import type { Contents, Kind, Words } from './change.js';
import { withEntry, withoutEntry } from './edit-text.js';

/** Returns the value of an entry, without what was not said. */
export type ValueOf = (words: Words) => Readonly<Record<string, unknown>>;

/** Returns the kind of what stands under its name in one block: `tasks.<name>`. */
export function entryKind(block: string, kind: string, usage: string, value: ValueOf): Kind {
  return {
    usage,
    add: (text, words, contents) => {
      const name = onlyName(words, kind, usage);
      refuseTwice(contents, [block], name, kind);
      return withEntry(text, [block, name], withoutUndefined(value(words)));
    },
    remove: (text, words, contents) => {
      const name = onlyName(words, kind, kind.toUpperCase());
      return withoutEntry(text, known(contents, [block], name, kind));
    },
  };
}

/** Returns the one word that is expected. */
export function onlyName({ words }: Words, kind: string, usage: string): string {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0) throw new UserError(`a ${kind} is written as: ${kind} ${usage}`);
  return name;
}

/** Returns the map at a path; an empty one where nothing is. */
export function mapAt(contents: Contents, path: readonly string[]): Contents {
  let value: unknown = contents;
  for (const key of path) value = (value as Contents | undefined)?.[key];
  return (typeof value === 'object' && value !== null ? value : {}) as Contents;
}

/** @throws UserError when the name is there already */
export function refuseTwice(contents: Contents, path: readonly string[], name: string, kind: string): void {
  if (Object.hasOwn(mapAt(contents, path), name)) throw new UserError(`the ${kind} ${name} is there already`);
}

/**
 * Returns the path of a name that is there.
 *
 * @throws UserError with what was probably meant when it is not
 */
export function known(contents: Contents, path: readonly string[], name: string, kind: string): readonly string[] {
  const names = Object.keys(mapAt(contents, path));
  if (names.includes(name)) return [...path, name];
  const meant = suggest(name, names);
  const all = names.length === 0 ? `there is no ${kind} at all` : `there are: ${names.join(', ')}`;
  throw new UserError(`there is no ${kind} ${name}`, { hint: meant === undefined ? all : `did you mean ${meant}?` });
}

/** Returns an option that was given as text. */
export function textOption({ options }: Words, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Returns an option that is a number; what is none goes on as text, and the grammar refuses it with its own words. */
export function numberOption(words: Words, name: string): number | string | undefined {
  const text = textOption(words, name);
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : text;
}

/** Returns an option that may be given more than once. */
export function listOption({ options }: Words, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Splits `key=value` or `key:type`. */
export function pairOf(text: string, mark: '=' | ':', example: string): readonly [string, string] {
  const at = text.indexOf(mark);
  if (at < 1 || at === text.length - 1)
    throw new UserError(`${text} cannot be read`, { hint: `write it like ${example}` });
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Returns a map that has any entry, or nothing. */
export function filled(map: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  return Object.keys(map).length === 0 ? undefined : map;
}

function withoutUndefined(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined));
}
