import { rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';
import { checkAlerts } from './alerts.mjs';
import { checkDev } from './dev.mjs';
import { checkService, checkWithServers } from './service.mjs';
import { withoutServers } from './stand-ins.mjs';

/** The committed examples, with the edits that people made to them: alone, and together. */
export async function example(report) {
  const standIns = withoutServers();
  for (const name of ['orders', 'shipping', 'catalog']) {
    const directory = path.join(root, 'examples', name);
    await checkService(report, name, directory);
    await checkAlerts(report, name, directory);
    await checkWithServers(report, name, directory);
    // Orders has all stand-ins but MongoDB's, which catalog has.
    if (name !== 'shipping') await checkWithServers(report, `${name} on stand-ins`, directory, standIns);
    await checkDev(report, name, directory, standIns);
    removeBuilt(directory);
    await report.step(`${name}: manifests and image`, 'test/services/validate-ops.sh', [directory], { cwd: root });
  }
  await report.step('fleet: workflow and Job', 'test/services/validate-ops.sh', ['--fleet'], { cwd: root });
  const together = (name, env) =>
    report.step(name, 'go', ['test', '-count=1', './trace/...'], { cwd: path.join(root, 'test/services'), env });
  await together('orders, shipping and catalog: one trace');
  await together('orders, shipping and catalog on stand-ins: one trace', standIns);
}

/** What make left there: the next run compares the directory with what is rendered. */
function removeBuilt(directory) {
  for (const folder of ['bin', 'devstack/.bin']) rmSync(path.join(directory, folder), { recursive: true, force: true });
}
