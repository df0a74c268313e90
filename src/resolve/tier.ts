import type { Tier } from './model.js';

/** Returns the most pods that a workload scales to: twice what it begins with, and not less than the tier allows for. */
export function maxReplicas(tier: Tier['name'], replicas: number): number {
  return Math.max(tier === 'best-effort' ? 2 : 6, 2 * replicas);
}

/** What pods may share: MySQL's default for `max_connections` is 151, and one is for the migration. */
const serverConnections = 150;

/** Default of a pod's pool, of `MYSQL_POOL_SIZE`. */
const usualPool = 20;

/**
 * Returns how many connections each of `pods` may keep when the usual number would be too many for the server.
 * Otherwise `undefined`: the default holds.
 */
export function poolSize(pods: number): number | undefined {
  const share = Math.max(1, Math.floor(serverConnections / pods));
  return share < usualPool ? share : undefined;
}

/** The windows of The Site Reliability Workbook's alerts, chapter 5, "Multiwindow, Multi-Burn-Rate Alerts". */
const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];

/**
 * What a tier means. The figures are this tool's own choice: critical survives the loss of a node while one pod is
 * being replaced and allows 22 minutes of errors a month; standard survives one of both and allows 43 minutes;
 * best-effort allows 7 hours and is never paged for.
 */
export const tiers: Readonly<Record<Tier['name'], Tier>> = {
  critical: {
    name: 'critical',
    replicas: 3,
    sloTarget: '99.95',
    errorBudget: '0.0005',
    latencyTarget: '99',
    latencyBudget: '0.01',
    windows,
    disruptionBudget: true,
    severity: 'page',
  },
  standard: {
    name: 'standard',
    replicas: 2,
    sloTarget: '99.9',
    errorBudget: '0.001',
    latencyTarget: '99',
    latencyBudget: '0.01',
    windows,
    disruptionBudget: true,
    severity: 'page',
  },
  'best-effort': {
    name: 'best-effort',
    replicas: 1,
    sloTarget: '99',
    errorBudget: '0.01',
    latencyTarget: '95',
    latencyBudget: '0.05',
    windows,
    disruptionBudget: false,
    severity: 'ticket',
  },
};
