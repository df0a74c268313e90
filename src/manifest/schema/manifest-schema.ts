import * as z from 'zod';
import { day, duration, freeText, kebabName, line, scalar, snakeName } from './formats.js';
import { resourceSchema } from './resource.js';

const contract = line(500).describe('Path, or git+URL#commit, of the published contract.');
const reason = line(500).describe('Why it is off.');

const consumer = z
  .strictObject({
    topic: line(249).describe('Kafka topic.'),
    service: kebabName.describe('The service that publishes it.'),
    resource: kebabName.describe('The resource whose store holds the inbox row.').optional(),
    contract: contract.optional(),
  })
  .meta({ id: 'consumer', title: 'a consumer', description: 'A Kafka topic that the service consumes.' });

const payloadType = z.enum([
  'string',
  'text',
  'int32',
  'int64',
  'float64',
  'decimal',
  'bool',
  'uuid',
  'timestamp',
  'date',
  'json',
]);

const task = z
  .strictObject({
    queue: kebabName.describe('Queue. Default: default.').optional(),
    max_retry: z.int().min(0).max(1000).describe('Retries after the first attempt. Default 10.').optional(),
    timeout: duration.describe('Longest attempt. Default 30s.').optional(),
    payload: z.record(snakeName, payloadType).describe('Keys and their types; ids only.').optional(),
    cron: line(100).describe('Five cron fields or @daily and the like, in UTC. Such a task has no payload.').optional(),
    resource: kebabName.describe('The resource whose store makes the task idempotent.').optional(),
    compensates: kebabName.describe('The action that this saga step undoes.').optional(),
  })
  .meta({ id: 'task', title: 'a task', description: 'Work that is done later, by a worker.' });

const client = z
  .strictObject({
    protocol: z.enum(['grpc', 'rest']).describe('How the other service is called.'),
    contract: contract.optional(),
  })
  .meta({ id: 'client', title: 'a client', description: 'Another service that this one calls.' });

const configKey = z
  .strictObject({
    type: z.enum(['string', 'bool', 'int32', 'int64', 'float64', 'duration']).describe('Type of the value.'),
    default: scalar.describe('Value where no environment sets another. Absent: the key is required.').optional(),
    secret: z.boolean().describe('Comes from a Secret and is never logged. Default false.').optional(),
    description: freeText(500).min(1).describe('What the key does, for the README.'),
  })
  .meta({ id: 'configKey', title: 'a configuration key', description: 'A setting that the service reads at start.' });

const environment = z
  .strictObject({
    replicas: z.int().min(0).max(1000).describe('Pods. Default: by tier; dev has 1.').optional(),
    config: z.record(snakeName, scalar).describe('Values of configuration keys in this environment.').optional(),
  })
  .meta({ id: 'environment', title: 'an environment', description: 'A place where the service runs.' });

const waiver = z.strictObject({
  rule: line(100).describe('Id of the rule.'),
  reason: line(500).describe('Why it may be broken.'),
  until: day.describe('Last day on which it may be broken.'),
});

const off = z.literal('none').describe('Switches it off; give the reason.').optional();

/** The whole grammar of `service.yaml`. */
export const manifestSchema = z
  .strictObject({
    apiVersion: z.literal('create-service/v1').describe('Version of this grammar.'),
    name: kebabName.describe('Name of the service, a DNS label.'),
    module: line(200).describe('Go module path, such as github.com/acme/orders.'),
    owner: line(200).describe('The team that owns the service, for CODEOWNERS, labels and the catalog.'),
    description: freeText(1000).describe('What the service does.').optional(),
    registry: line(200).describe('Image registry prefix, such as ghcr.io/acme.').optional(),
    ci: z
      .enum(['github', 'gitlab'])
      .describe('Where the pipelines run. Default: gitlab for a module on a host gitlab.…, github for others.')
      .optional(),
    tier: z
      .enum(['critical', 'standard', 'best-effort'])
      .describe('Sets replicas, SLO target, disruption budget and alert severity. Default standard.')
      .optional(),
    api: z
      .array(z.enum(['rest', 'grpc']))
      .describe('How the service is called. Default: not at all, a worker.')
      .optional(),
    resources: z.record(kebabName, resourceSchema).describe('What the service owns, in the singular.').optional(),
    consumes: z.record(kebabName, consumer).describe('Topics that the service consumes.').optional(),
    tasks: z.record(kebabName, task).describe('Work that is done later.').optional(),
    clients: z.record(kebabName, client).describe('Services that this one calls.').optional(),
    auth: z
      .strictObject({
        audience: line(200).describe('Default: the service name.').optional(),
        mode: off,
        reason: reason.optional(),
      })
      .describe('Authentication of callers.')
      .optional(),
    tls: z.strictObject({ mode: off, reason: reason.optional() }).describe('TLS of the APIs.').optional(),
    config: z.record(snakeName, configKey).describe("The service's own settings.").optional(),
    environments: z
      .record(kebabName, environment)
      .describe('One overlay each. Default: dev, staging, prod.')
      .optional(),
    components: z
      .record(kebabName, z.record(z.string(), z.unknown()))
      .describe('Components that no other key turns on, with their options.')
      .optional(),
    extends: line(500).describe("Reserved: an organisation's profile.").optional(),
    waivers: z.array(waiver).max(100).describe('Rules that may be broken for a while.').optional(),
  })
  .meta({ title: 'service.yaml', description: 'The operational facts of one service.' });
