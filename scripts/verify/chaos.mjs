import path from 'node:path';
import { root } from '../setup.mjs';

/** Orders and shipping on real servers of their own, with crashes: nothing is lost, nothing happens twice. */
export async function chaos(report) {
  for (const server of ['mariadb', 'redis', 'kafka', 'otel']) {
    const script = path.join(root, 'test/servers', `${server}.sh`);
    if (!(await report.step(`chaos: install ${server}`, script, ['install'], { cwd: root }))) return;
  }
  const cwd = path.join(root, 'test/services');
  await report.step('chaos: orders and shipping', 'go', ['run', './chaos', '-root', root], { cwd, show: true });
}
