import type { Command } from '../command.js';

const fromFlags = ['name', 'module', 'owner', 'description', 'registry', 'tier', 'api', 'resource', 'environment'];

/** `create-service new`, also what runs when no command is named. */
export const command: Command = {
  name: 'new',
  summary: 'write a new service',
  description:
    'Asks for what was not given. Without a terminal it never asks: then give --yes, and either --manifest or --name, --module and --owner.\n\n' +
    'A resource is written as NAME FIELD:TYPE…. After the type, ! means required; @index, @unique, @pii, @immutable and @output_only mean what they mean in a manifest; =VALUE is the default. Types are string(80), text, int32, int64, float64, decimal(12,2), bool, uuid, timestamp, date, enum(pending,paid) and json.',
  isDefault: true,
  operands: [{ flags: '[dir]', text: 'directory of the service; its name by default' }],
  options: [
    {
      flags: '--manifest <file>',
      text: 'take everything from this service.yaml; - reads standard input',
      conflicts: fromFlags,
    },
    { flags: '--name <name>', text: 'name of the service, such as orders' },
    { flags: '--module <path>', text: 'Go module path, such as github.com/acme/orders' },
    { flags: '--owner <team>', text: 'who answers for it: CODEOWNERS, labels, catalog' },
    { flags: '--description <text>', text: 'one sentence about it' },
    { flags: '--registry <prefix>', text: 'prefix of the image, such as ghcr.io/acme' },
    {
      flags: '--tier <tier>',
      text: 'sets replicas, objectives and alerts',
      choices: ['critical', 'standard', 'best-effort'],
    },
    { flags: '--api <kind>', text: 'API to serve, such as rest; repeat it or separate with commas', repeats: true },
    {
      flags: '--resource <text>',
      text: "resource with its fields, such as 'order total:decimal(12,2)!'; repeatable",
      repeats: true,
    },
    {
      flags: '--environment <name>',
      text: 'environment to deploy to; dev, staging and prod when none is given',
      repeats: true,
    },
    { flags: '-y, --yes', text: 'ask nothing' },
    { flags: '--dry-run', text: 'show what would be written, and write nothing' },
    { flags: '--no-git', text: 'no git repository and no first commit' },
    { flags: '--force', text: 'write beside what is in the directory; a file that differs still stops it, by name' },
  ],
  examples: [
    { line: 'create-service orders', text: 'ask for the rest, then write ./orders' },
    { line: 'create-service new orders --manifest service.yaml --yes', text: 'from a manifest, asking nothing' },
    {
      line: "create-service new orders --module github.com/acme/orders --owner team-commerce --api rest \\\n      --resource 'order customer_id:uuid! total:decimal(12,2)! status:enum(pending,paid)' --yes",
      text: 'from flags, asking nothing',
    },
    {
      line: 'create-service new . --manifest service.yaml --yes',
      text: 'into a directory that holds only the manifest',
    },
  ],
  run: async (input, system) => (await import('./new/run-new.js')).runNew(input, system),
};
