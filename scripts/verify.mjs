// Installs what is missing and proves everything that can be proven on this machine, in the order in which a mistake
// is cheapest to find. Ends with one line, `N passed, N failed`.
//
//   npm run verify                     everything
//   npm run verify -- tool go          some stages only: tool, nodes, go, matrix, defects, example
import { buildTool } from './setup.mjs';
import { defects } from './verify/defects.mjs';
import { example } from './verify/example.mjs';
import { goPackages } from './verify/go-packages.mjs';
import { matrix } from './verify/matrix.mjs';
import { nodes } from './verify/nodes.mjs';
import { Report } from './verify/report.mjs';
import { tool } from './verify/tool.mjs';

const stages = { tool, nodes, go: goPackages, matrix, defects, example };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(stages, name));
if (unknown.length > 0) {
  console.error(`unknown stage ${unknown.join(', ')}: there are ${Object.keys(stages).join(', ')}`);
  process.exit(2);
}

buildTool();
const report = new Report();
for (const [name, stage] of Object.entries(stages)) {
  if (wanted.length === 0 || wanted.includes(name)) await stage(report);
}
report.close();
