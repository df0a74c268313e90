import type { Command } from '../command.js';

/** `create-service update`. */
export const command: Command = {
  name: 'update',
  summary: 'bring the service to its manifest and to the templates of this version',
  description:
    'What you edited stays: changes are merged, and where both sides changed the same lines you get markers and exit code 1. A file with edits that are not committed is not written.',
  options: [
    {
      flags: '--check',
      text: 'write nothing; exit 1 when the tree does not agree with the manifest',
      conflicts: ['continue'],
    },
    { flags: '--dry-run', text: 'show what would be written, and write nothing' },
    { flags: '--diff', text: 'show each change as a diff' },
    { flags: '--continue', text: 'finish after the conflicts of the last run are resolved' },
    {
      flags: '--restore <path>',
      text: 'write this file as the templates have it, whatever became of it; repeatable',
      repeats: true,
    },
    { flags: '--contracts', text: 'read the contracts of clients anew, from where the manifest says they are' },
    {
      flags: '--settle <name>',
      text: 'when the program of before is gone: drop what of this field or resource is left in databases, or make its column as narrow as the manifest says; order.note, refund or all; repeatable',
      repeats: true,
    },
    {
      flags: '--renumber <name>',
      text: 'after a merge of two branches that gave one number to two names: give this one the next free number; proto/order/gift, migrations/add_gift_to_orders; repeatable',
      repeats: true,
      conflicts: ['continue', 'pr'],
    },
    { flags: '--allow-dirty', text: 'write also files with edits that are not committed' },
    {
      flags: '--pr',
      text: 'write nothing here: push the update on a branch of its own, and open a pull request',
      conflicts: ['check', 'continue', 'diff', 'allowDirty'],
    },
    {
      flags: '--all <dir...>',
      text: 'every service in or below these directories',
      conflicts: ['repos', 'continue', 'restore', 'settle', 'renumber', 'diff'],
    },
    {
      flags: '--repos <file>',
      text: 'every service of a list, a directory or git URL on each line; - reads standard input',
      conflicts: ['continue', 'restore', 'settle', 'renumber', 'diff'],
    },
    { flags: '--jobs <n>', text: 'with these two: so many at once; as many as there are processors by default' },
    { flags: '--shard <i/n>', text: 'with these two: only the i-th of n parts' },
    { flags: '--report <file>', text: 'with these two: add a JSON line for each, and leave out what it says is done' },
  ],
  examples: [
    { line: 'create-service update', text: 'after an edit of service.yaml, or with a newer version' },
    { line: 'create-service update --check', text: 'in CI: exit 1 on drift' },
    { line: 'create-service update --dry-run --diff', text: 'look first' },
    { line: 'create-service update --pr', text: 'as a pull request, for instance from a scheduled job' },
    {
      line: 'create-service update --repos fleet.txt --pr --report done.jsonl',
      text: 'many, going on where it stopped',
    },
    { line: 'create-service update --restore Makefile', text: 'take a file back that you deleted' },
  ],
  run: async (input, system) => (await import('./update/run-update.js')).runUpdate(input, system),
};
