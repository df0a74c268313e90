import type { Tier } from './model.js';

/**
 * Returns the most pods that a service scales to. Six, because (6 + 1 of a roll-out) pods × 20 connections of a pool stay
 * below the 151 that MySQL accepts unless told otherwise.
 */
export function maxReplicas(tier: Tier['name'], replicas: number): number {
  return Math.max(tier === 'best-effort' ? 2 : 6, 2 * replicas);
}

/** What pods may share: MySQL's default for `max_connections` is 151, and one is for the migration. */
const serverConnections = 150;

/** Default of a pod's pool, of `MYSQL_POOL_SIZE`. */
const usualPool = 20;

/**
 * Returns how many connections each of `pods` may keep when the usual number would be too many for the server during a
 * roll-out, which has one pod more. Otherwise `undefined`: the default holds.
 */
export function poolSize(pods: number): number | undefined {
  const share = Math.max(1, Math.floor(serverConnections / (pods + 1)));
  return share < usualPool ? share : undefined;
}

/**
 * What a tier means. The figures are this tool's own choice: critical survives the loss of a node while one pod is
 * being replaced and allows 22 minutes of errors a month; standard survives one of both and allows 43 minutes;
 * best-effort allows 7 hours and is never paged for.
 */
export const tiers: Readonly<Record<Tier['name'], Tier>> = {
  critical: {
    name: 'critical',
    replicas: 3,
    maxReplicas: maxReplicas('critical', 3),
    sloTarget: '99.95',
    errorBudget: '0.0005',
    minAvailable: 2,
    severity: 'page',
  },
  standard: {
    name: 'standard',
    replicas: 2,
    maxReplicas: maxReplicas('standard', 2),
    sloTarget: '99.9',
    errorBudget: '0.001',
    minAvailable: 1,
    severity: 'page',
  },
  'best-effort': {
    name: 'best-effort',
    replicas: 1,
    maxReplicas: maxReplicas('best-effort', 1),
    sloTarget: '99',
    errorBudget: '0.01',
    minAvailable: 0,
    severity: 'ticket',
  },
};
