import { describe, expect, it, test } from 'vitest';
import type { Catalog } from '../catalog/catalog.js';
import { manifest } from '../manifest/manifest.js';
import { head } from '../manifest/testing/text.js';
import type { Task } from './model.js';
import { resolve } from './resolve.js';

const nothing: Catalog = { components: [], packages: [], slots: [], platform: [], versions: [] };

const resources = `resources:
  order: { store: mysql, operations: [get], actions: { cancel: {} } }
  order-line: { store: mysql, operations: [get], actions: { cancel: {} } }
`;

function tasks(text: string, before = ''): readonly Task[] {
  return resolve(manifest(`${head}${before}tasks:\n  ${text}\n`, 'f'), nothing).tasks;
}

describe('a task', () => {
  it('has defaults', () => {
    const [task] = tasks('send-receipt: {}');
    expect(task).toMatchObject({
      name: 'send-receipt',
      goName: 'SendReceipt',
      goFile: 'sendreceipt',
      handler: 'sendReceipt',
      queue: 'default',
      maxRetry: 10,
      timeoutGo: '30 * time.Second',
      payload: [],
      cron: '',
      store: '',
    });
    expect(task?.about).toBeUndefined();
    expect(task?.compensates).toBeUndefined();
  });

  test.each([
    ['message', { goName: 'MessageTask', handler: 'message', goFile: 'message' }],
    ['go', { goName: 'Go', handler: 'goTask', goFile: 'go' }],
    ['use', { goName: 'Use', handler: 'useTask', goFile: 'use' }],
    ['tasks', { goName: 'Tasks', handler: 'tasks', goFile: 'taskstask' }],
    ['send-test', { goName: 'SendTest', handler: 'sendTest', goFile: 'sendtest' }],
    ['foo-linux', { goName: 'FooLinux', handler: 'fooLinux', goFile: 'foolinux' }],
  ])('may be called %s', (name, expected) => {
    expect(tasks(`${name}: {}`)[0]).toMatchObject(expected);
  });

  it('has a Go field for each key of its payload, with a value for tests', () => {
    const [task] = tasks('send: { payload: { order_id: uuid, message: date, n: int64 } }');
    expect(task?.payload.map(({ name, goName, goType, exampleGo }) => [name, goName, goType, exampleGo])).toEqual([
      ['order_id', 'OrderID', 'uuid.UUID', 'uuid.MustParse("0190a6c2-7b1e-7d3a-9f00-000000000001")'],
      ['message', 'MessageValue', 'date.Date', expect.stringMatching(/^date\./)],
      ['n', 'N', 'int64', 'int64(1)'],
    ]);
  });
});

describe('what a task is about', () => {
  const about = (text: string) => tasks(`a: ${text}`, resources)[0];

  test.each([
    ['{}', undefined],
    ['{ payload: { order_id: string } }', undefined],
    ['{ payload: { order_line_id: uuid } }', 'order-line'],
    ['{ payload: { order_line_id: uuid, order_id: uuid } }', 'order'],
    ['{ payload: { order_line_id: uuid, order_id: uuid }, resource: order-line }', 'order-line'],
    ['{ payload: { order_line_id: uuid }, resource: order }', undefined],
  ])('is named by a payload key: %s', (text, expected) => {
    expect(about(text)?.about?.resource.name).toBe(expected);
  });

  it('is what a compensation undoes', () => {
    const task = about('{ payload: { order_line_id: uuid }, compensates: cancel }');
    expect(task?.compensates).toMatchObject({
      goName: 'OrderLineID',
      logKey: 'order_line.id',
      action: { goMethod: 'Cancel' },
    });
    expect(task?.compensates?.resource.name).toBe('order-line');
  });
});
