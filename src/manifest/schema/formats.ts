import * as z from 'zod';

/** A kebab-case name: services, resources, actions, tasks, consumers, clients, environments, components. */
export const kebabName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
  .max(40)
  .meta({
    id: 'kebabName',
    title: 'a kebab-case name',
    description: 'lower-case letters, digits and single dashes, beginning with a letter, at most 40 characters',
  });

/** A snake_case name: fields, enum values, configuration keys, payload keys. */
export const snakeName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/)
  .max(40)
  .meta({
    id: 'snakeName',
    title: 'a snake_case name',
    description: 'lower-case letters, digits and underscores, beginning with a letter, at most 40 characters',
  });

/** A duration as Go writes it. */
export const duration = z
  .string()
  .regex(/^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h))+$/)
  .max(40)
  .meta({ id: 'duration', title: 'a duration', description: 'numbers with units, such as 30s, 5m or 1h30m' });

/** A number that is kept exactly: a YAML number, or text where a number would be rounded. */
export const exactNumber = z
  .union([z.number(), z.string().regex(/^-?[0-9]+(\.[0-9]+)?$/)])
  .meta({ id: 'exactNumber', title: 'a number', description: 'a number; digits beyond the 15th are kept' });

/** Free text over several lines. */
export const freeText = (longest: number) => z.string().max(longest);

/** Free text on one line. */
export const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\n\t]*$/)
    .meta({ title: 'text on one line' });

/** A single value whose type another key says. */
export const scalar = z
  .union([z.string().max(4096), z.boolean(), exactNumber])
  .meta({ id: 'scalar', title: 'a single value', description: 'text, a number, true or false' });

/** A calendar day. */
export const day = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)
  .meta({ id: 'day', title: 'a date', description: 'a date such as 2026-12-31' });
