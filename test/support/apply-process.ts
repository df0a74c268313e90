import process from 'node:process';
import { apply } from '../../src/apply/apply.js';
import { UserError } from '../../src/errors.js';
import { diskSystem } from './disk-system.js';
import { firstTree, secondTree } from './large-trees.js';
import { aTree, lockFacts, planOf } from './plans.js';

// A process of its own that applies a plan to a directory: `apply-process <directory> new|update`. It says `ready` on
// standard output just before it begins, and how many milliseconds the apply took after it.
const [directory = '', kind] = process.argv.slice(2);
const system = diskSystem();
const [last, next] = kind === 'update' ? [firstTree, secondTree] : [aTree({}), firstTree];
const plan = planOf(directory, last, next, system);
process.stdout.write('ready\n', () => {
  const start = performance.now();
  try {
    apply(plan, lockFacts, directory, system);
    process.stdout.write(`${performance.now() - start}\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
});
