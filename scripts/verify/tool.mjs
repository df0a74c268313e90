import { root } from '../setup.mjs';

/** The tool itself: types, linter, unit, golden, architecture and journey tests. */
export async function tool(report) {
  const options = { cwd: root };
  await report.step('tool: types', 'npm', ['run', '--silent', 'typecheck'], options);
  await report.step('tool: linter', 'npm', ['run', '--silent', 'lint'], options);
  await report.step('tool: tests', 'npm', ['run', '--silent', 'unit'], options);
}
