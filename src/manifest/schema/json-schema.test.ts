import { expect, test } from 'vitest';
import * as z from 'zod';
import { jsonSchema } from '../json-schema.js';
import { manifestSchema } from './manifest-schema.js';

/** `npx vitest run src/manifest/schema --update` writes it anew. */
test('the JSON Schema in the repository is the one that zod gives', async () => {
  const schema = z.toJSONSchema(manifestSchema, { io: 'input' });
  const text = [
    '// biome-ignore-all format: written by json-schema.test.ts from the zod schema of this folder; do not edit.',
    "import type { JsonSchema } from '../json-schema.js';",
    '',
    '/** The grammar of `service.yaml` as JSON Schema 2020-12. */',
    `export const manifestJsonSchema: JsonSchema = ${JSON.stringify(schema, undefined, 2)};`,
    '',
  ].join('\n');
  await expect(text).toMatchFileSnapshot('./manifest-json-schema_gen.ts');
});

test('every key is described, so that an editor can explain it', () => {
  const undescribed: string[] = [];
  const walk = (value: unknown, path: string) => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, child] of Object.entries(value)) {
      if (path.endsWith('.properties') && typeof child === 'object' && !('description' in child) && key !== 'type') {
        undescribed.push(`${path}.${key}`);
      }
      walk(child, `${path}.${key}`);
    }
  };
  walk(jsonSchema(), '$');
  expect(undescribed).toEqual([]);
});
