import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { withEntry, withItem, withoutEntry, withoutItem } from './edit-text.js';

const text = `# What it is.
name: orders   # the name
api: [rest]
resources:
  order:
    store: mysql
    fields:
      id_code:  { type: uuid }   # first
      note:     { type: text }
    # about actions
    actions:
      pay: { when: { state: [pending] }, set: { state: paid } }
tasks: {}
environments:
  dev: {}
  prod: { replicas: 3 }
# the end
`;

describe('an entry is added', () => {
  it.each([
    [
      'beside others, in their column',
      ['resources', 'order', 'fields', 'gift'],
      { type: 'bool' },
      '      note:     { type: text }\n',
      '      gift:     { type: bool }\n',
    ],
    [
      'beside others that are shorter',
      ['resources', 'order', 'fields', 'a_long_name'],
      { type: 'bool' },
      '      note:     { type: text }\n',
      '      a_long_name: { type: bool }\n',
    ],
    ['behind a comment', ['resources', 'order', 'actions', 'ship'], {}, 'set: { state: paid } }\n', '      ship: {}\n'],
    [
      'with the block that it needs',
      ['config', 'limit'],
      { type: 'int32' },
      'tasks: {}\n',
      'config:\n  limit: { type: int32 }\n',
    ],
    ['last', ['environments', 'lab'], {}, '  prod: { replicas: 3 }\n', '  lab: {}\n'],
    [
      'as a resource',
      ['resources', 'item'],
      { store: 'mysql', fields: { a: { type: 'bool' } } },
      'set: { state: paid } }\n',
      '  item:\n    store: mysql\n    fields:\n      a: { type: bool }\n',
    ],
  ])('%s', (_, path, value, after, lines) => {
    const found = withEntry(text, path, value);
    expect(found).toBe(text.replace(after, after + lines));
    expect(withoutEntry(found, path)).toBe(text);
  });

  it('to an empty block', () => {
    const found = withEntry(text, ['tasks', 'send'], { queue: 'low' });
    expect(found).toBe(text.replace('tasks: {}\n', 'tasks:\n  send: { queue: low }\n'));
  });

  it('to a map on one line, and to one that is empty in it', () => {
    expect(withEntry('a: { b: 1 }\n', ['a', 'c'], 2)).toBe('a: { b: 1, c: 2 }\n');
    expect(withEntry('a: { b: {} }\n', ['a', 'b', 'c'], 2)).toBe('a: { b: { c: 2 } }\n');
  });

  it('to a text without a line feed, with CRLF, and with a block scalar at its end', () => {
    expect(withEntry('name: a', ['tier'], 'critical')).toBe('name: a\ntier: critical');
    expect(withEntry('name: a\r\napi: [rest]\r\n', ['tasks', 'x'], {})).toBe(
      'name: a\r\napi: [rest]\r\ntasks:\r\n  x: {}\r\n',
    );
    expect(withEntry('description: |\n  a\n  b\n', ['tier'], 'critical')).toBe(
      'description: |\n  a\n  b\ntier: critical\n',
    );
  });

  it('with a blank line before it where blocks have one', () => {
    const spaced = 'name: a\n\nconfig:\n  b: { type: bool }\n';
    const found = withEntry(spaced, ['tasks', 'x'], {});
    expect(found).toBe('name: a\n\ntasks:\n  x: {}\n\nconfig:\n  b: { type: bool }\n');
    expect(withoutEntry(found, ['tasks', 'x'])).toBe(spaced);
  });
});

describe('an entry is removed', () => {
  it.each([
    [['resources', 'order', 'fields', 'id_code'], '      id_code:  { type: uuid }   # first\n'],
    [['environments', 'dev'], '  dev: {}\n'],
    [['api'], 'api: [rest]\n'],
    [
      ['resources', 'order', 'actions', 'pay'],
      '    actions:\n      pay: { when: { state: [pending] }, set: { state: paid } }\n',
    ],
  ])('%j', (path, lines) => {
    expect(withoutEntry(text, path)).toBe(text.replace(lines, ''));
  });

  it.each([
    [['a', 'b'], 'a: { c: 2 }\n'],
    [['a', 'c'], 'a: { b: 1 }\n'],
  ])('%j from a map on one line', (path, left) => {
    expect(withoutEntry('a: { b: 1, c: 2 }\n', path)).toBe(left);
  });
});

describe('a list', () => {
  it('gets an item and loses it, the last one with its key', () => {
    const both = withItem(text, ['api'], 'grpc');
    expect(both).toBe(text.replace('[rest]', '[rest, grpc]'));
    expect(withoutItem(both, ['api'], 'grpc')).toBe(text);
    expect(withoutItem(text, ['api'], 'rest')).toBe(text.replace('api: [rest]\n', ''));
    expect(withItem('name: a\ntasks: {}\n', ['api'], 'rest')).toBe('name: a\napi: [rest]\ntasks: {}\n');
  });

  it('over several lines is written by the library', () => {
    expect(parse(withItem('api:\n  - rest # x\n', ['api'], 'grpc'))).toEqual({ api: ['rest', 'grpc'] });
  });
});

describe('comments of others stay when something goes', () => {
  const flow = `fields: {
  email: { type: text }, # to write to
  nick: { type: text },
  # billing reads it
  state: { type: bool } # on or off
}
api:
  - rest # the shop
  - grpc # others
`;
  it.each([
    ['the first', 'email', '  email: { type: text }, # to write to\n', ''],
    ['one in the middle', 'nick', '  nick: { type: text },\n', ''],
  ])('of a flow map: %s', (_, name, lines, left) => {
    expect(withoutEntry(flow, ['fields', name])).toBe(flow.replace(lines, left));
  });

  it('of a flow map: the last', () => {
    expect(withoutEntry(flow, ['fields', 'state'])).toBe(
      flow
        .replace('nick: { type: text },', 'nick: { type: text }')
        .replace('  state: { type: bool } # on or off\n', ''),
    );
  });

  it('of a flow map on one line', () => {
    expect(withoutEntry('a: { b: 1, c: 2, d: 3 } # all\n', ['a', 'c'])).toBe('a: { b: 1, d: 3 } # all\n');
    expect(withoutEntry('a: { b: 1, c: 2, d: 3 } # all\n', ['a', 'd'])).toBe('a: { b: 1, c: 2 } # all\n');
  });

  it.each([
    ['grpc', '  - grpc # others\n'],
    ['rest', '  - rest # the shop\n'],
  ])('of a list: %s', (item, line) => {
    expect(withoutItem(flow, ['api'], item)).toBe(flow.replace(line, ''));
  });
});
