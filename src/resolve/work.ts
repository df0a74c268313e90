import type { Manifest } from '../manifest/grammar.js';
import { pascal } from '../text/case.js';
import { durationGo } from '../values/duration.js';
import { fieldKinds } from './fields/kinds.js';
import type { Client, Resource, Task } from './model.js';
import { names } from './names.js';

type Store = Resource['store']['name'];

/** Returns the tasks. */
export function tasks(written: Manifest['tasks'], resources: readonly Resource[]): readonly Task[] {
  return Object.entries(written ?? {}).map(([name, task]) => {
    const {
      queue = 'default',
      max_retry: maxRetry = 10,
      timeout = '30s',
      cron = '',
      resource = '',
      compensates = '',
    } = task;
    const payload = Object.entries(task.payload ?? {}).map(([key, type]) => ({
      names: names(key),
      goName: pascal(key),
      goType: fieldKinds[type].goType({ name: key, words: key, enumType: '', goPackage: '', enumValues: [] }),
    }));
    const store = storeOf(resource, resources) ?? '';
    return {
      name,
      names: names(name),
      queue,
      maxRetry,
      timeout,
      timeoutGo: durationGo(timeout),
      payload,
      cron,
      resource,
      store,
      compensates,
    };
  });
}

/** Returns the clients. */
export function clients(written: Manifest['clients']): readonly Client[] {
  return Object.entries(written ?? {}).map(([name, { protocol, contract = '' }]) => ({
    name,
    names: names(name),
    protocol,
    grpc: protocol === 'grpc',
    rest: protocol === 'rest',
    contract,
  }));
}

/** The store of the named resource, or the only store there is. */
export function storeOf(resource: string, resources: readonly Resource[]): Store | undefined {
  return (resources.find(({ name }) => name === resource) ?? resources[0])?.store.name;
}
