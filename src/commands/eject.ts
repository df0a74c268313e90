import type { Command } from '../command.js';

/** `create-service eject`. */
export const command: Command = {
  name: 'eject',
  summary: 'make a file yours, or the whole service',
  description:
    'An ejected file is recorded and left alone from then on; update --restore PATH takes it back. --all removes everything of this tool: the repository builds without it.',
  operands: [{ flags: '[paths...]', text: 'files, as update lists them' }],
  options: [
    { flags: '--all', text: 'every file, for good' },
    { flags: '--dry-run', text: 'show what would be written, and write nothing' },
    { flags: '--allow-dirty', text: 'write also files with edits that are not committed' },
  ],
  examples: [
    {
      line: 'create-service eject internal/platform/httpserver/server.go',
      text: 'before you edit a generated file',
    },
    { line: 'create-service eject --all', text: 'go on without create-service' },
  ],
  run: async (input, system) => (await import('./eject/run-eject.js')).runEject(input, system),
};
