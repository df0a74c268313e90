import { spawnSync } from 'node:child_process';

/**
 * The alerts of a service in a directory, by its own `make alerts`. A machine without promtool does without, unless
 * REQUIRE_REAL says that nothing may be left out.
 */
export async function checkAlerts(report, name, cwd) {
  const isHere = spawnSync('promtool', ['--version']).status === 0;
  if (!isHere && process.env.REQUIRE_REAL !== '1') {
    report.note(`${name}: promtool is not here, the alerts were not tested`);
    return;
  }
  await report.step(`${name}: make alerts`, 'make', ['alerts'], { cwd });
}
