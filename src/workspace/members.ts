import { basename, dirname, join, resolve } from 'node:path';
import { UserError } from '../errors.js';
import { lockPath } from '../lock/lock.js';
import type { Files } from '../system/files.js';
import { withoutCredentials } from '../text/credentials.js';

/** One service of many: in a directory, or in a repository that is cloned for the time of the work. */
export interface Member {
  /** How it was named, without credentials: what reports say. */
  readonly name: string;
  /** Absolute; the place of a service on this disk. */
  readonly directory?: string;
  /** What git clones. */
  readonly url?: string;
  /** The service's folder in the clone; empty when it is the whole repository. */
  readonly folder: string;
}

/** Folders in which no service is looked for, beside hidden ones. */
const skipped = new Set(['node_modules', 'vendor']);

/**
 * Finds the services in and below directories. A service is not searched for others.
 *
 * @throws UserError with code 2 for a directory that is not there or holds no service
 */
export function servicesBelow(directories: readonly string[], cwd: string, files: Files): readonly Member[] {
  return unique(directories.flatMap((directory) => found(resolve(cwd, directory), directory, files)));
}

function found(place: string, named: string, files: Files): readonly Member[] {
  if (files.list(place) === undefined) throw new UserError(`--all: there is no directory ${named}`);
  const members = below(place, named, files);
  if (members.length === 0) throw new UserError(`--all: there is no service in ${named} or below it`);
  return members;
}

function below(place: string, named: string, files: Files): readonly Member[] {
  if (files.status(join(place, lockPath))?.kind === 'file') return [{ name: named, directory: place, folder: '' }];
  const names = (files.list(place) ?? []).filter((name) => !name.startsWith('.') && !skipped.has(basename(name)));
  const folders = names.filter((name) => files.status(join(place, name))?.kind === 'directory');
  return folders.flatMap((name) => below(join(place, name), join(named, name), files));
}

/**
 * Reads a list of services: one on a line, a directory, seen from the list, or what git can clone, with `//folder` behind it
 * where the service is in a folder of the repository. Empty lines and those that begin with `#` say nothing.
 *
 * @param file the list's name, of which directories are relative; its folder counts
 */
export function membersOf(text: string, file: string): readonly Member[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const named = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return unique(named.map((line) => memberOf(line, dirname(file))));
}

function memberOf(line: string, base: string): Member {
  const [, start] = /^(\w[\w+.-]*:\/\/|[\w.-]+@[\w.-]+:)/.exec(line) ?? [];
  if (start === undefined) return { name: line, directory: resolve(base, line), folder: '' };
  const [place = '', ...inside] = line.slice(start.length).split('//');
  return { name: withoutCredentials(line), url: start + place, folder: inside.join('/').replace(/^\/+|\/+$/g, '') };
}

/** One service twice in a list would be two that get in each other's way. */
function unique(members: readonly Member[]): readonly Member[] {
  const key = ({ directory, url, folder }: Member) => directory ?? `${url}//${folder}`;
  return [...new Map(members.map((member) => [key(member), member])).values()];
}

/** One of several equal parts of a list. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

/** Returns the members that belong to a part: each to exactly one, and the parts differ by one at most. */
export function inShard(members: readonly Member[], { index, of }: Shard): readonly Member[] {
  return members.filter((_, place) => place % of === index - 1);
}
