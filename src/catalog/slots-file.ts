import { z } from 'zod';
import type { Slot } from './catalog.js';
import type { TemplateSources } from './catalog-from.js';
import { yamlData } from './yaml-data.js';

const slotsSchema = z
  .record(
    z.string().regex(/^[a-z][a-z0-9]*([.-][a-z0-9]+)*$/, 'a slot name is words with dots or dashes between'),
    z.strictObject({
      summary: z.string().min(1),
      context: z
        .string()
        .regex(/^[A-Z]\w*$/, 'the name of a type that src/render/context.ts exports')
        .default('ServiceModel'),
    }),
  )
  .nullable();

/** Reads `service/slots.yaml`: slot name → what belongs there, and the type of its fragments' context. */
export function readSlots(sources: TemplateSources): readonly Slot[] {
  const file = 'service/slots.yaml';
  const slots = yamlData(file, sources.get(file) ?? '', slotsSchema) ?? {};
  return Object.entries(slots)
    .map(([name, slot]) => ({ name, ...slot }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
