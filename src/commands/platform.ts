import type { Command } from '../command.js';

/** `create-service platform`. */
export const command: Command = {
  name: 'platform',
  summary: 'write what a cluster needs once: logs, traces, metrics, dashboards',
  description:
    'A Kustomize bundle for the platform team: Filebeat, Elasticsearch, Kibana, OpenTelemetry Collector, Jaeger, Prometheus, Alertmanager, Grafana. Run it again with a newer version: what you edited stays, changes are merged, and where both sides changed the same lines you get markers and exit code 1.',
  operands: [{ flags: '<dir>', text: 'directory of the bundle; need not exist' }],
  options: [
    { flags: '--logstash', text: 'with Logstash between Filebeat and Elasticsearch' },
    { flags: '--no-logstash', text: 'without it again; by default as it was in the last run' },
    { flags: '--dry-run', text: 'show what would be written, and write nothing' },
    { flags: '--diff', text: 'show each change as a diff' },
    { flags: '--allow-dirty', text: 'write also files with edits that are not committed' },
  ],
  examples: [
    { line: 'create-service platform observability', text: 'then read observability/README.md' },
    { line: 'create-service platform observability --dry-run --diff', text: 'with a newer version: look first' },
  ],
  run: async (input, system) => (await import('./platform/run-platform.js')).runPlatform(input, system),
};
