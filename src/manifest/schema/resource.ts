import * as z from 'zod';
import { fieldSchema } from './field.js';
import { duration, kebabName, line, scalar, snakeName } from './formats.js';

const operation = z.enum(['create', 'get', 'list', 'update', 'delete']);

const action = z
  .strictObject({
    when: z
      .record(snakeName, z.array(snakeName).min(1).max(100))
      .describe('Enum fields and the values in which the action is allowed. Absent: always allowed.')
      .optional(),
    set: z.record(snakeName, scalar).describe('Fields and the values they get.').optional(),
  })
  .meta({ id: 'action', title: 'an action', description: 'A state transition, with its own route.' });

/** One resource: an aggregate that the service owns. */
export const resourceSchema = z
  .strictObject({
    store: z.enum(['mysql', 'mongodb']).describe("The service's own database that keeps the resource."),
    plural: kebabName.describe('The plural of the name, where the usual rules give the wrong one.').optional(),
    cache: z
      .strictObject({ ttl: duration.describe('How long a cached value may be used, such as 5m.') })
      .describe('Read through Redis, for at most this long.')
      .optional(),
    events: z.boolean().describe('Publish created, updated, deleted and each action. Default false.').optional(),
    fields: z
      .record(snakeName, fieldSchema)
      .describe('Fields beside id, created_at, updated_at and version, which are always there.')
      .optional(),
    operations: z.array(operation).describe('Only these exist. Default: all five.').optional(),
    actions: z.record(kebabName, action).describe('State transitions: POST /v1/<plural>/{id}/<action>.').optional(),
    scopes: z
      .record(kebabName, z.array(line(100)).min(1).max(20))
      .describe('Scopes for operations and actions. Default: <service>.read for get and list, else <service>.write.')
      .optional(),
  })
  .meta({ id: 'resource', title: 'a resource', description: 'An aggregate that the service owns.' });
