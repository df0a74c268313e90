import type { Manifest } from '../manifest/grammar.js';
import { bounded } from '../text/bounded.js';
import { configValue } from './config.js';
import type { ConfigKey, Environment, Tier } from './model.js';
import { names } from './names.js';
import { maxReplicas, poolSize } from './tier.js';

/** Longest DNS-1123 label, and so Kubernetes namespace. */
const longestLabel = 63;

/** What a manifest without `environments` has. */
const usual = { dev: {}, staging: {}, prod: {} } as const;

/** Returns the environments in the manifest's order. */
export function environments(
  service: string,
  written: Manifest['environments'],
  tier: Tier,
  config: readonly ConfigKey[],
): readonly Environment[] {
  return Object.entries(written ?? usual).map(([name, { replicas, config: values = {} }]: Entry) => {
    const dev = /^(dev|local|development)$/.test(name);
    const pods = replicas ?? (dev ? 1 : tier.replicas);
    const most = maxReplicas(tier.name, pods);
    return {
      name,
      names: names(name),
      namespace: bounded(`${service}-${name}`, longestLabel).replaceAll('_', '-'),
      replicas: pods,
      maxReplicas: most,
      poolSize: poolSize(most),
      minAvailable: Math.max(0, Math.min(tier.minAvailable, pods - 1)),
      dev,
      prod: /^(prod|production)$/.test(name),
      config: config.flatMap((each) => environmentValue(each, values)),
    };
  });
}

type Entry = [string, NonNullable<Manifest['environments']>[string]];

function environmentValue(
  { key, names: { written }, description, secret, required, default: fallback }: ConfigKey,
  values: NonNullable<Entry[1]['config']>,
) {
  const own = values[written];
  if (own !== undefined) return [{ key, value: configValue(own), description }];
  return secret || required ? [] : [{ key, value: fallback, description }];
}
