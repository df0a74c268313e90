import { expect, it } from 'vitest';
import { memoryFiles } from '../system/memory-files.js';
import { inShard, membersOf, servicesBelow } from './members.js';

const lock = '.create-service/lock.yaml';

it('finds services in and below directories, each once, and none in what is hidden, vendored or a service', () => {
  const files = memoryFiles({
    [`/w/a/${lock}`]: '',
    [`/w/a/testdata/inner/${lock}`]: '',
    [`/w/teams/b/${lock}`]: '',
    [`/w/teams/.hidden/${lock}`]: '',
    [`/w/teams/vendor/${lock}`]: '',
    [`/w/teams/node_modules/${lock}`]: '',
    '/w/teams/README.md': '',
  });
  const names = (directories: readonly string[]) => servicesBelow(directories, '/w', files).map(({ name }) => name);
  expect(names(['.'])).toEqual(['a', 'teams/b']);
  expect(names(['a', 'teams', '/w/a'])).toEqual(['/w/a', 'teams/b']);
  expect(() => names(['a', 'nowhere'])).toThrow('--all: there is no directory nowhere');
  expect(() => names(['teams/vendor/.create-service'])).toThrow('there is no service in teams/vendor/.create-service');
});

it('reads directories, URLs, folders in repositories, comments and empty lines', () => {
  const text = [
    '# the fleet',
    '',
    '  services/a ',
    '/srv/b',
    'https://user:secret@forge.example/acme/c.git',
    'git@forge.example:acme/mono.git//services/d',
    'ssh://git@forge.example/acme/mono.git//services/e/',
    'file:///srv/f.git',
    './services/a',
    '',
  ].join('\r\n');
  expect(membersOf(text, '/lists/fleet.txt')).toEqual([
    { name: './services/a', directory: '/lists/services/a', folder: '' },
    { name: '/srv/b', directory: '/srv/b', folder: '' },
    { name: 'https://forge.example/acme/c.git', url: 'https://user:secret@forge.example/acme/c.git', folder: '' },
    {
      name: 'git@forge.example:acme/mono.git//services/d',
      url: 'git@forge.example:acme/mono.git',
      folder: 'services/d',
    },
    {
      name: 'ssh://git@forge.example/acme/mono.git//services/e/',
      url: 'ssh://git@forge.example/acme/mono.git',
      folder: 'services/e',
    },
    { name: 'file:///srv/f.git', url: 'file:///srv/f.git', folder: '' },
  ]);
});

it.each([1, 2, 3, 7, 100])('puts each member into exactly one of %i parts of nearly one size', (of) => {
  const members = Array.from({ length: 50 }, (_, index) => ({ name: String(index), folder: '' }));
  const shards = Array.from({ length: of }, (_, place) => inShard(members, { index: place + 1, of }));
  expect(
    shards
      .flat()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(members.map(({ name }) => name).sort());
  const sizes = shards.map(({ length }) => length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
});
