import path from 'node:path';
import { root } from '../setup.mjs';
import { checkService, checkWithServers } from './service.mjs';

/** The committed example, with the edits that people made to it. */
export async function example(report) {
  const directory = path.join(root, 'examples/orders');
  await checkService(report, 'orders', directory);
  await checkWithServers(report, 'orders', directory);
  await report.step('orders: manifests and image', 'test/services/validate-ops.sh', [directory], { cwd: root });
}
