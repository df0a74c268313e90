import type { Command } from '../command.js';

/** `create-service doctor`. */
export const command: Command = {
  name: 'doctor',
  summary: 'show which tools this machine has and what each is for',
  description:
    'Writing a service needs none of them. Exits 1 when a tool is missing or too old that building and running a ' +
    'service needs, 0 otherwise.',
  examples: [{ line: 'create-service doctor', text: 'look before the first `make dev`' }],
  run: async (input, system) => (await import('./doctor/run-doctor.js')).runDoctor(input, system),
};
