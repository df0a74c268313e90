import type { Tier } from './model.js';

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
    minAvailable: 2,
    severity: 'page',
  },
  standard: {
    name: 'standard',
    replicas: 2,
    sloTarget: '99.9',
    errorBudget: '0.001',
    minAvailable: 1,
    severity: 'page',
  },
  'best-effort': {
    name: 'best-effort',
    replicas: 1,
    sloTarget: '99',
    errorBudget: '0.01',
    minAvailable: 0,
    severity: 'ticket',
  },
};
