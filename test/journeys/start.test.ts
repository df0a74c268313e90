import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltTool, buildTool } from '../support/built-tool.js';

/** What a start loads. `npm run bench` measures its time; this is exact, whatever else the machine does. */
describe('the start of the built tool', { timeout: 60_000 }, () => {
  let tool: BuiltTool;

  beforeAll(() => {
    tool = buildTool();
  }, 60_000);
  afterAll(() => tool.remove());

  /** Returns the modules of Node that a command line loads. */
  function loadedBy(...argv: readonly string[]): readonly string[] {
    const main = JSON.stringify(join(dirname(tool.bin), 'dist/main.js'));
    const script = `
      const { main } = await import(${main});
      await main(${JSON.stringify(argv)});
      const loaded = process.moduleLoadList.filter((name) => name.startsWith('NativeModule '));
      require('node:fs').writeSync(2, loaded.map((name) => name.slice(13)).join('\\n'));`;
    return spawnSync(process.execPath, ['-e', `(async () => {${script}})()`], { encoding: 'utf8' }).stderr.split('\n');
  }

  test.each([[['--help']], [['--version']], [['new', '--help']]])(
    '%j opens no stream and starts no process',
    (argv) => {
      const loaded = loadedBy(...argv);
      expect(loaded).toContain('fs');
      expect(loaded.filter((name) => ['tty', 'net', 'child_process', 'crypto', 'readline'].includes(name))).toEqual([]);
    },
  );
});
