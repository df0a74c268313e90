import type { Command } from '../command.js';

/** `create-service diff`. */
export const command: Command = {
  name: 'diff',
  summary: 'show what update would do, as a unified diff',
  description: 'Always exits 0 when it could look; update --check is the one that fails.',
  examples: [
    { line: 'create-service diff', text: 'what an update would change' },
    { line: 'create-service diff | git apply --check', text: 'it is a patch' },
  ],
  run: async (input, system) => (await import('./diff/run-diff.js')).runDiff(input, system),
};
