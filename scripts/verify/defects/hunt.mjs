import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { seed } from './defect-list.mjs';

/**
 * Seeds one defect and runs tests, the cheapest first, until one fails. The service itself stays as it is: the go
 * command is given an overlay, so that several hunts can run at once and none leaves anything behind.
 *
 * @param {import('./go-service.mjs').GoService} service
 * @param {string} directory the service's
 * @param {string} scratch an existing directory for the overlay
 * @returns {Promise<string>} the tests that caught it: `internal/order TestPay`
 * @throws {Error} when it survived, or when nothing can be said about it because it does not compile
 */
export async function hunt(service, directory, scratch, defect) {
  const overlay = writeOverlay(directory, scratch, defect);
  for (const packagePath of service.testsOf(defect.file)) {
    const { code, output } = await service.test(packagePath, overlay);
    if (code === 0) continue;
    if (!/^(--- FAIL|panic: )/m.test(output)) throw new Error(`the defect is none that tests can meet:\n${output}`);
    return `${packagePath.replace(/^.*?\/(?=(internal|test|cmd)\/)/, '')} ${failed(output)}`;
  }
  throw new Error(
    `no test fails when ${defect.file} has ${JSON.stringify(defect.new)} for ${JSON.stringify(defect.old)}`,
  );
}

function writeOverlay(directory, scratch, defect) {
  const original = path.join(directory, defect.file);
  const replacement = path.join(scratch, path.basename(defect.file));
  mkdirSync(scratch, { recursive: true });
  writeFileSync(replacement, seed(defect, readFileSync(original, 'utf8')));
  const overlay = path.join(scratch, 'overlay.json');
  writeFileSync(overlay, JSON.stringify({ Replace: { [original]: replacement } }));
  return overlay;
}

/** Returns the innermost test that failed first, or that was running when the process ended. */
function failed(output) {
  const failures = [...output.matchAll(/^( *)--- FAIL: (\S+)/gm)];
  const innermost = failures.find(([, indent], i) => (failures[i + 1]?.[1].length ?? 0) <= indent.length);
  return innermost?.[2] ?? /running tests:\n\s+(\S+)/.exec(output)?.[1] ?? 'panic';
}
