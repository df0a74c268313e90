import { describe, expect, test } from 'vitest';
import { tiers } from './tier.js';
import { scales, workloadKinds, workloads } from './workloads.js';

const named = (facts: Parameters<typeof workloadKinds>[1]) =>
  workloadKinds('orders', facts).map(({ name, args }) => `${name}: ${args}`);
const both = workloadKinds('orders', { api: true, worker: true });

describe('the workloads of a service', () => {
  test('are what it has to do, and one at least', () => {
    expect(named({ api: true, worker: true })).toEqual([
      'orders: serve, -role, api',
      'orders-worker: serve, -role, worker',
    ]);
    expect(named({ api: true, worker: false })).toEqual(['orders: serve']);
    expect(named({ api: false, worker: true })).toEqual(['orders-worker: serve, -role, worker']);
    expect(named({ api: false, worker: false })).toEqual(['orders: serve']);
  });

  test('have the pods that the service was given; a worker beside a server two', () => {
    expect(scales(both, 'standard', 1)).toMatchObject([{ replicas: 1 }, { replicas: 1 }]);
    expect(scales(both, 'critical', 5)).toMatchObject([
      { replicas: 5, maxReplicas: 10 },
      { replicas: 2, maxReplicas: 4 },
    ]);
    expect(scales(workloadKinds('orders', { api: false, worker: true }), 'standard', 5)).toMatchObject([
      { replicas: 5 },
    ]);
  });

  test('listen for callers in the server only', () => {
    const ports = ['admin', 'grpc'].map((name, number) => ({ name, number, description: '' }));
    expect(workloads(both, tiers.standard, ports).map((each) => each.ports.map(({ name }) => name))).toEqual([
      ['admin', 'grpc'],
      ['admin'],
    ]);
  });
});
