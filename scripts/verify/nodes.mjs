import path from 'node:path';
import { installedNode } from '../installed-node.mjs';
import { root } from '../setup.mjs';

/** The tests that depend on the Node they run on: what every stage returns, and the built tool as a process. */
const tests = [
  'src',
  'test/examples.test.ts',
  'test/golden.test.ts',
  'test/protogen.test.ts',
  'test/journeys/process.test.ts',
];

/** The tool on the other supported versions of Node. */
export async function nodes(report) {
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  for (const major of ['22', '24']) {
    await report.step(`node ${major}: tests`, installedNode(major), [vitest, 'run', ...tests], { cwd: root });
  }
}
