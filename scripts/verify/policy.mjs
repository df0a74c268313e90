import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';

/** What kube-score and checkov think of the examples; test/services/accepted-findings.txt says which findings are kept. */
export async function policy(report) {
  const script = path.join(root, 'test/services/validate-ops.sh');
  const examples = readdirSync(path.join(root, 'examples')).map((name) => path.join(root, 'examples', name));
  await report.step('policy: examples', script, ['--policy', ...examples], { cwd: root, show: true });
}
