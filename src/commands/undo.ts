import type { Command } from '../command.js';

/** `create-service undo`. */
export const command: Command = {
  name: 'undo',
  summary: 'take the last update, add, remove or eject back',
  description: 'Refused when a file was changed since. A second undo brings it again.',
  examples: [{ line: 'create-service undo', text: 'after an update that you do not like' }],
  run: async (input, system) => (await import('./undo/run-undo.js')).runUndo(input, system),
};
