import { parse } from 'yaml';
import { UserError } from '../../errors.js';
import { suggest } from '../../text/suggest.js';
import type { Known } from '../known.js';
import { manifest } from '../manifest.js';
import type { Contents, Kind, Words } from './change.js';
import { withEntry, withoutEntry } from './edit-text.js';
import { mapAt } from './entry-kind.js';
import { kinds } from './kinds.js';

/**
 * Returns a manifest with something added or removed; comments, order and layout stay.
 *
 * @param text the manifest, which must be valid
 * @param what the kind, `field`, or a component
 * @throws UserError with code 2 for what cannot be read, is there already, or is not there
 */
export function editManifest(text: string, how: 'add' | 'remove', what: string, words: Words, known: Known): string {
  manifest(text, 'service.yaml', known);
  const contents = (parse(text) ?? {}) as Contents;
  const kind = Object.entries(kinds).find(([name]) => name === what)?.[1] ?? componentKind(what, known);
  if (!kind) throw unknownKind(what, known);
  return kind[how](text, words, contents, known);
}

function componentKind(name: string, { components }: Known): Kind | undefined {
  const component = components.get(name);
  if (!component) return undefined;
  if (component.impliedBy !== undefined) {
    throw new UserError(`component ${name} follows from the rest of the manifest`, {
      hint: hintFor(component.impliedBy),
    });
  }
  return {
    usage: '',
    add: (text, _, contents) => {
      if (Object.hasOwn(mapAt(contents, ['components']), name)) throw new UserError(`${name} is there already`);
      return withEntry(text, ['components', name], {});
    },
    remove: (text, _, contents) => {
      if (!Object.hasOwn(mapAt(contents, ['components']), name)) throw new UserError(`${name} is not there`);
      return withoutEntry(text, ['components', name]);
    },
  };
}

/** Which word adds or removes what turns a component on, or what to say in the manifest. */
function hintFor(impliedBy: string): string {
  const words: Readonly<Record<string, string>> = {
    'stores.mysql': 'resource NAME store=mysql …',
    'stores.mongodb': 'resource NAME store=mongodb …',
    'uses.kafka': 'events RESOURCE, or consumer NAME …',
    'uses.events': 'events RESOURCE',
    'uses.outbox': 'events RESOURCE, or task NAME …',
    'uses.tasks': 'task NAME …',
    'uses.cache': 'cache RESOURCE',
    'uses.clients': 'client NAME …',
    'uses.clientTokens': 'client NAME …, in a service with auth',
    'uses.grpcClients': 'client NAME --protocol grpc …',
    'uses.restClients': 'client NAME --protocol rest …',
  };
  const switches: Readonly<Record<string, string>> = { 'uses.auth': 'auth', 'tls.enabled': 'tls' };
  const [word, key] = [words[impliedBy], switches[impliedBy]];
  if (word !== undefined) return `add or remove: ${word}`;
  const text = key === undefined ? 'it' : `${key}: {}, or ${key}: { mode: none, reason: … },`;
  return `say ${text} in service.yaml, then run create-service update`;
}

function unknownKind(what: string, { components }: Known): UserError {
  const ownWill = [...components].filter(([, { impliedBy }]) => impliedBy === undefined).map(([name]) => name);
  const all = [...Object.keys(kinds), ...ownWill];
  const meant = suggest(what, all);
  const hint = meant === undefined ? `there are: ${all.join(', ')}` : `did you mean ${meant}?`;
  return new UserError(`there is nothing called ${what} to add or remove`, { hint });
}
