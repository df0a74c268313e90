import type { Command } from '../command.js';

/** `create-service list`. */
export const command: Command = {
  name: 'list',
  summary: 'show the components, what each gives and what turns it on',
  description: 'Components follow from what the manifest says; nobody lists them twice.',
  examples: [
    { line: 'create-service list', text: 'what a service can be made of' },
    { line: 'create-service list --json', text: 'the same for a program' },
  ],
  run: async (input, system) => (await import('./list/run-list.js')).runList(input, system),
};
