import type { Manifest } from '../manifest/grammar.js';
import { bounded } from '../text/bounded.js';
import { configValue } from './config.js';
import type { ConfigKey, Environment, Tier } from './model.js';
import { names } from './names.js';
import { poolSize } from './tier.js';
import { scales, type WorkloadKind } from './workloads.js';

/** Longest DNS-1123 label, and so Kubernetes namespace. */
const longestLabel = 63;

/**
 * Pods of a workload beside its replicas while it is rolled out: one that is new, and two that end. A Deployment does not count
 * the latter against `maxSurge`, and each keeps its connections until it has drained.
 */
const rollingOut = 3;

/** What a manifest without `environments` has. */
const usual = { dev: {}, staging: {}, prod: {} } as const;

/** What of the service its environments depend on. */
interface EnvironmentFacts {
  readonly service: string;
  readonly tier: Tier;
  readonly config: readonly ConfigKey[];
  readonly kinds: readonly WorkloadKind[];
}

/** Returns the environments in the manifest's order. */
export function environments(
  written: Manifest['environments'],
  { service, tier, config, kinds }: EnvironmentFacts,
): readonly Environment[] {
  return Object.entries(written ?? usual).map(([name, { replicas, config: values = {} }]: Entry) => {
    const dev = /^(dev|local|development)$/.test(name);
    const pods = replicas ?? (dev ? 1 : tier.replicas);
    const scale = scales(kinds, tier.name, pods);
    const maxPods = scale.reduce((sum, each) => sum + each.maxReplicas + rollingOut, 0);
    return {
      name,
      names: names(name),
      namespace: bounded(`${service}-${name}`, longestLabel).replaceAll('_', '-'),
      replicas: pods,
      scales: scale,
      maxPods,
      poolSize: poolSize(maxPods),
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
