// Renders the examples anew: each service.yaml with the built tool, then the patches in edits/, in their order.
// Usage: node scripts/examples.mjs [name ...]
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildTool, root } from './setup.mjs';

buildTool();
const examples = path.join(root, 'examples');
const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : readdirSync(examples)) {
  const work = mkdtempSync(path.join(tmpdir(), 'example-'));
  try {
    const edits = readdirSync(path.join(examples, name, 'edits')).sort();
    render(name, path.join(work, name), edits);
    replace(path.join(examples, name), path.join(work, name));
    console.log(`${name}: rendered, with ${edits.length} edits`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function render(name, target, edits) {
  const manifest = path.join(examples, name, 'service.yaml');
  const options = { stdio: ['ignore', 'ignore', 'inherit'] };
  const tool = path.join(root, 'bin/create-service.js');
  execFileSync(process.execPath, [tool, 'new', target, '--manifest', manifest, '--yes', '--no-git'], options);
  for (const patch of edits)
    execFileSync('git', ['apply', path.join(examples, name, 'edits', patch)], { ...options, cwd: target });
}

/** Puts the files of `rendered` in the place of the example's, but for its edits. */
function replace(example, rendered) {
  for (const entry of readdirSync(example))
    if (entry !== 'edits') rmSync(path.join(example, entry), { recursive: true, force: true });
  cpSync(rendered, example, { recursive: true });
}
