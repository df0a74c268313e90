import type { Command } from '../command.js';
import { kindNames } from '../names/kind-names.js';

/** `create-service remove`. */
export const command: Command = {
  name: 'remove',
  summary: 'take something out of the manifest, then update the service',
  description:
    'The inverse of add. Files that nobody edited go; edited ones stay and are listed. Columns and tables stay in the database, because the program of before still uses them.',
  operands: [
    { flags: '<what>', text: 'what to remove, as for add', offered: kindNames },
    { flags: '[words...]', text: 'its name, such as order note gift for two fields' },
  ],
  options: [
    { flags: '--dry-run', text: 'show what would be written, and write nothing' },
    { flags: '--diff', text: 'show each change as a diff' },
    { flags: '--allow-dirty', text: 'write also files with edits that are not committed' },
  ],
  examples: [
    { line: 'create-service remove field order note', text: 'its number in protobuf is never used again' },
    { line: 'create-service remove task send-receipt', text: 'with its files, where nobody edited them' },
    { line: 'create-service remove events order', text: 'publish no more events of a resource' },
  ],
  run: async (input, system) => (await import('./remove/run-remove.js')).runRemove(input, system),
};
