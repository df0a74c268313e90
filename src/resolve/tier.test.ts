import { describe, expect, it } from 'vitest';
import { maxReplicas, poolSize } from './tier.js';

describe('the pool of a pod', () => {
  it('keeps its default for as many pods as a tier has by itself', () => {
    expect(poolSize(maxReplicas('standard', 2))).toBeUndefined();
    expect(poolSize(maxReplicas('critical', 3))).toBeUndefined();
  });

  it.each([7, 10, 40, 200])('is smaller when %i pods would use up the server', (pods) => {
    const size = poolSize(pods) ?? Number.NaN;
    expect(size).toBeGreaterThanOrEqual(1);
    expect(size).toBeLessThan(20);
    if (size > 1) expect(size * (pods + 1)).toBeLessThan(151);
  });
});
