import type { Command } from '../command.js';

/** `create-service fleet`. */
export const command: Command = {
  name: 'fleet',
  summary: 'print what keeps many services current: a workflow or a Kubernetes Job',
  description:
    'It runs create-service update --repos FILE --pr, in parts side by side: as a matrix of GitHub Actions, or as an Indexed Job with the list in a ConfigMap. On one machine that command is enough.',
  operands: [{ flags: '<engine>', text: 'where it runs', choices: ['github', 'kubernetes'] }],
  options: [
    { flags: '--repos <file>', text: 'the list: a git URL on each line' },
    { flags: '--shards <n>', text: 'parts that run side by side; one for each hundred services by default' },
    { flags: '--jobs <n>', text: 'services at once in each part; 2 by default' },
  ],
  examples: [
    {
      line: 'create-service fleet github --repos repositories.txt > .github/workflows/fleet.yaml',
      text: 'in the repository that has the list',
    },
    {
      line: 'create-service fleet kubernetes --repos repositories.txt | kubectl apply -f -',
      text: 'with the token in the Secret create-service-fleet',
    },
  ],
  run: async (input, system) => (await import('./fleet/run-fleet.js')).runFleet(input, system),
};
