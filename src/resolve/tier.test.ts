import { describe, expect, it } from 'vitest';
import { poolSize } from './tier.js';

describe('the pool of a pod', () => {
  it('keeps its default for the pods of a server alone', () => {
    expect(poolSize(6 + 1)).toBeUndefined();
  });

  it.each([8, 12, 40, 200])('is smaller when %i pods would use up the server', (pods) => {
    const size = poolSize(pods) ?? Number.NaN;
    expect(size).toBeGreaterThanOrEqual(1);
    expect(size).toBeLessThan(20);
    if (size > 1) expect(size * pods).toBeLessThan(151);
  });
});
