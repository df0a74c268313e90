import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BuiltTool, buildTool } from '../support/built-tool.js';
import { keys, openTerminal, type TerminalSession } from '../support/terminal-session.js';

// Only util-linux's `script` is used; other platforms have another program of that name.
describe.skipIf(process.platform !== 'linux')('new on a terminal', { timeout: 60_000 }, () => {
  let tool: BuiltTool;
  let directory: string;

  beforeAll(() => {
    tool = buildTool();
  }, 60_000);
  afterAll(() => tool.remove());
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'prompts-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function start(...words: readonly string[]): TerminalSession {
    // No git configuration: what the prompts offer must not depend on the machine.
    const env = { PATH: process.env.PATH ?? '', HOME: directory, TERM: 'xterm', GIT_CONFIG_NOSYSTEM: '1' };
    return openTerminal([process.execPath, tool.bin, ...words], directory, env);
  }

  async function answer(session: TerminalSession, question: RegExp, text: string): Promise<void> {
    await session.shows(question);
    session.type(text + keys.enter);
  }

  test('asks, shows the summary, writes, and prints the command line that needs no question', async () => {
    const session = start('new', '--no-git');
    await answer(session, /Name of the service/, 'orders');
    await answer(session, /Go module path \(example\.com\/orders\)/, 'github.com/acme/orders');
    await answer(session, /Team that owns it/, "team o'neil");
    await answer(session, /What it does/, '');
    await answer(session, /APIs to serve/, '');
    await answer(session, /Resource, such as/, 'order total:decimal(12,2)! note:text');
    await answer(session, /Next resource/, '');
    await session.shows(/endpoints +POST +\/v1\/orders/);
    await answer(session, /Write it\?/, 'y');
    await session.shows(/new orders .*--resource 'order total:decimal\(12,2\)! note:text' --no-git --yes/s);
    const { code } = await session.ends();
    expect(code).toBe(0);
    expect(existsSync(join(directory, 'orders/internal/order/order.go'))).toBe(true);
  });

  test('says what is wrong with an answer while it is typed, and takes none that is wrong', async () => {
    const session = start('new');
    await session.shows(/Name of the service/);
    session.type('Orders');
    await session.shows(/Orders\s+> a name begins with a lower-case letter/);
    session.type(keys.enter);
    await session.shows(/Orders\s+> a name begins with a lower-case letter/);
    session.type(keys.backspace.repeat(6));
    session.type(`orders${keys.enter}`);
    await session.shows(/Go module path/);
    session.type(keys.ctrlC);
    expect((await session.ends()).code).toBe(130);
  });

  test.each([
    ['the first question', async () => {}, /Name of the service/],
    [
      'the last question',
      async (session: TerminalSession) => answer(session, /Name of the service/, 'orders'),
      /APIs to serve/,
    ],
  ])('Ctrl-C at %s ends with 130 and leaves nothing', async (_, before, question) => {
    const session = start('new', '--module', 'example.com/orders', '--owner', 'me', '--description', 'x');
    await before(session);
    await session.shows(question);
    session.type(keys.ctrlC);
    const { code, transcript } = await session.ends();
    expect(code).toBe(130);
    expect(transcript).toContain('Interrupted; nothing was written.');
    expect(readdirSync(directory)).toEqual([]);
  });

  test('No leaves nothing', async () => {
    const flags = ['--name', 'orders', '--module', 'example.com/orders', '--owner', 'me', '--description', 'x'];
    const session = start('new', ...flags, '--api', 'rest', '--resource', "'order total:int32'");
    await answer(session, /Write it\?/, 'n');
    const { code, transcript } = await session.ends();
    expect(code).toBe(0);
    expect(transcript).toContain('Nothing was written.');
    expect(readdirSync(directory)).toEqual([]);
  });
});
