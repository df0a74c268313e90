import path from 'node:path';
import { root } from '../setup.mjs';

/** Certificates of orders and of its callers, and the authority behind them, are replaced under load: no call fails. */
export async function rotation(report) {
  const cwd = path.join(root, 'test/services');
  const args = ['test', '-count=1', '-v', './rotation/...'];
  await report.step('rotation: orders and its callers under load', 'go', args, { cwd, show: true });
}
