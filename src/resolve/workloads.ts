import type { Port, Scale, Tier, Workload } from './model.js';
import { maxReplicas } from './tier.js';

/** A workload, before it is known how many pods it has. */
export type WorkloadKind = Pick<Workload, 'name' | 'component' | 'isServer' | 'args'>;

/**
 * Returns which processes of the service run all the time. What answers calls and what works through messages and tasks
 * scale apart and do not take each other's memory, so each is a Deployment. Their names stay when the other one comes
 * or goes: the selector of a Deployment cannot change.
 */
export function workloadKinds(service: string, { api, worker }: { api: boolean; worker: boolean }) {
  const server = { name: service, component: 'server', isServer: true, args: worker ? 'serve, -role, api' : 'serve' };
  const background = { name: `${service}-worker`, component: 'worker', isServer: false, args: 'serve, -role, worker' };
  return [...(api || !worker ? [server] : []), ...(worker ? [background] : [])] as readonly WorkloadKind[];
}

/** A worker beside a server begins with at most two: one goes on when a node is lost, and nobody waits for more. */
const usualWorkers = 2;

/** Returns how many pods each workload has where the service was given `replicas`. */
export function scales(kinds: readonly WorkloadKind[], tier: Tier['name'], replicas: number): readonly Scale[] {
  return kinds.map(({ name }, index) =>
    index === 0
      ? { name, replicas, maxReplicas: maxReplicas(tier, replicas) }
      : {
          name,
          replicas: Math.min(usualWorkers, replicas),
          maxReplicas: tier === 'best-effort' ? 2 : 2 * usualWorkers,
        },
  );
}

/** Returns the workloads as the base has them: with the tier's pods. Only a server listens on more than the admin port. */
export function workloads(kinds: readonly WorkloadKind[], tier: Tier, ports: readonly Port[]): readonly Workload[] {
  const pods = scales(kinds, tier.name, tier.replicas);
  return kinds.map((kind, index) => ({
    ...kind,
    ...(pods[index] as Scale),
    ports: ports.filter(({ name }) => kind.isServer || name === 'admin'),
  }));
}
