import type { Command } from '../command.js';

/** `create-service schema`. */
export const command: Command = {
  name: 'schema',
  summary: 'print the JSON Schema of service.yaml',
  description:
    'Editors complete and check a manifest whose first line is\n  # yaml-language-server: $schema=PATH-OF-THE-SCHEMA',
  options: [{ flags: '--out <file>', text: 'write it to this file instead of standard output' }],
  examples: [
    { line: 'create-service schema', text: 'print the schema' },
    { line: 'create-service schema --out service.schema.json', text: 'keep it beside the manifest' },
  ],
  run: async (input, system) => (await import('./schema/run-schema.js')).runSchema(input, system),
};
