// Installs what is missing and proves everything that can be proven on this machine, in the order in which a mistake
// is cheapest to find. Ends with one line, `N passed, N failed`.
//
//   npm run verify                     what fits into an hour on two cores
//   npm run verify -- tool go          some stages only, whole: tool, nodes, go, protos, matrix, combinations, defects, alive, evolve, kills, example, rotation, chaos, faults, kubernetes, observability, logs, image
//   npm run verify:release             everything
import { buildTool } from './setup.mjs';
import { Report } from './verify/report.mjs';

/** Each is loaded after the packages that it may need are installed. */
const stages = {
  tool: async () => (await import('./verify/tool.mjs')).tool,
  nodes: async () => (await import('./verify/nodes.mjs')).nodes,
  go: async () => (await import('./verify/go-packages.mjs')).goPackages,
  protos: async () => (await import('./verify/protos.mjs')).protos,
  matrix: async () => (await import('./verify/matrix.mjs')).matrix,
  combinations: async () => (await import('./verify/combinations.mjs')).combinations,
  defects: async () => (await import('./verify/defects.mjs')).defects,
  alive: async () => (await import('./verify/alive.mjs')).alive,
  evolve: async () => (await import('./verify/evolve.mjs')).evolve,
  kills: async () => (await import('./verify/kills.mjs')).kills,
  example: async () => (await import('./verify/example.mjs')).example,
  rotation: async () => (await import('./verify/rotation.mjs')).rotation,
  chaos: async () => (await import('./verify/chaos.mjs')).chaos,
  faults: async () => (await import('./verify/faults.mjs')).faults,
  policy: async () => (await import('./verify/policy.mjs')).policy,
  kubernetes: async () => (await import('./verify/kubernetes.mjs')).kubernetes,
  observability: async () => (await import('./verify/observability.mjs')).observability,
  logs: async () => (await import('./verify/logs.mjs')).logs,
  image: async () => (await import('./verify/image.mjs')).image,
};

/** What runs only when it is asked for: it takes its time, or needs real servers. */
const release = [
  'defects',
  'evolve',
  'rotation',
  'chaos',
  'faults',
  'policy',
  'kubernetes',
  'observability',
  'logs',
  'image',
];

const args = process.argv.slice(2);
const unknown = args.filter((name) => name !== 'all' && !Object.hasOwn(stages, name));
if (unknown.length > 0) {
  console.error(`unknown stage ${unknown.join(', ')}: there are ${Object.keys(stages).join(', ')}`);
  process.exit(2);
}

const usual = Object.keys(stages).filter((name) => args.includes('all') || !release.includes(name));
const wanted = args.length === 0 || args.includes('all') ? usual : args;

buildTool();
const report = new Report();
for (const [name, load] of Object.entries(stages)) {
  if (!wanted.includes(name)) continue;
  const stage = await load();
  await stage(report, { isNamed: args.length > 0 });
}
report.close();
