import { describe, expect, test } from 'vitest';
import { fakeTerminal } from '../support/fake-terminal.js';
import { runCli } from '../support/run-cli.js';

const head = 'apiVersion: create-service/v1\nname: orders\nmodule: github.com/acme/orders\nowner: me\n';
const resource = (fields: string) =>
  `${head}api: [rest]\nresources:\n  order:\n    store: mysql\n    fields:\n${fields}`;

/** What is wrong, the manifest, where the error points, and what it says. */
const bad: readonly (readonly [string, string, string, RegExp])[] = [
  ['nothing', '', '1:1', /empty/],
  ['no YAML', `${head}api: [rest\n`, '', /this is not YAML/],
  ['a list', '- a\n', '1:1', /list/],
  ['missing keys', 'apiVersion: create-service/v1\nname: orders\n', '', /module.*[\s\S]*owner/],
  ['another version', head.replace('/v1', '/v9'), '1:13', /create-service\/v1/],
  ['an unknown key, with a suggestion', `${head}resorces: {}\n`, '5:1', /did you mean resources\?/],
  ['a duplicate key', `${head}owner: you\n`, '5:1', /owner/],
  ['a name in capitals', head.replace('name: orders', 'name: Orders'), '2:7', /found Orders.*lower-case/],
  ['a name of 41 letters', head.replace('name: orders', `name: ${'a'.repeat(41)}`), '2:7', /at most 40/],
  ['a module path that is none', head.replace('github.com/acme/orders', 'https://github.com/acme'), '3:9', /module/],
  ['a module path that leaves its directory', head.replace('acme/orders', '../orders'), '3:9', /module/],
  ['a feature of later', `${head}extends: acme\n`, '5:1', /extends is not supported yet/],
  ['a bad tier, with a suggestion', `${head}tier: standart\n`, '5:7', /did you mean standard\?/],
  ['a type that does not exist', resource('      total: { type: decimel }\n'), '10:22', /did you mean decimal\?/],
  ['a string without its length', resource('      note: { type: string }\n'), '10:7', /note needs max/],
  ['a default outside its range', resource('      n: { type: int32, max: 5, default: 6 }\n'), '10:42', /6/],
  ['a field that is always there', resource('      created_at: { type: timestamp }\n'), '10:7', /always there/],
  ['two names that become one', resource('      a_b: { type: bool }\n      a__b: { type: bool }\n'), '11:7', /a_b/],
  ['an alias bomb', `a: &a [x, x]\nb: &b [*a, *a]\n${head}`, '1:7', /anchors are not allowed/],
  ['two documents', `${head}---\n${head}`, '5:1', /second document/],
  ['a binary file', `${head}owner: "\0"\n`, '5:9', /NUL character/],
  ['a control character', `${head}description: "a\u001b[2J"\n`, '5:16', /control character.*U\+001B/],
  [
    'an action without its state',
    resource('      n: { type: int32 }\n    actions: { pay: { set: { state: paid } } }\n'),
    '11:30',
    /state/,
  ],
  ['an environment with an unknown key', `${head}environments: { prod: { config: { max: 1 } } }\n`, '5:35', /max/],
];

describe('a bad manifest', () => {
  test.each(bad)('%s', async (_, manifest, place, message) => {
    const before = { '/srv/service.yaml': manifest };
    const { code, out, err, files } = await runCli(['new', 'orders', '--manifest', 'service.yaml', '--yes'], {
      files: before,
    });
    expect(err).toMatch(message);
    expect(err).toContain(`service.yaml:${place}`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(files.list('/srv')).toEqual(['.keep', 'service.yaml']);
  });

  test('has all its mistakes reported at once, in order', async () => {
    const manifest = `${head.replace('orders', 'Orders')}tier: gold\nresorces: {}\n`;
    const { err } = await runCli(['new', 'orders', '--manifest', 'service.yaml', '--yes'], {
      files: { '/srv/service.yaml': manifest },
    });
    expect(err.match(/service\.yaml:\d+/g)).toEqual(['service.yaml:2', 'service.yaml:5', 'service.yaml:6']);
  });

  test('on standard input is named so, and --json gives the positions', async () => {
    const terminal = fakeTerminal({ input: `${head}tier: gold\n` });
    const { code, out } = await runCli(['new', '--manifest', '-', '--yes', '--json'], { terminal });
    expect(code).toBe(2);
    expect(JSON.parse(out).error.diagnostics).toMatchObject([{ file: 'standard input', line: 5, column: 7 }]);
  });

  test('that is not there is a usage error', async () => {
    const { code, err } = await runCli(['new', '--manifest', 'nowhere.yaml', '--yes']);
    expect(code).toBe(2);
    expect(err).toContain('there is no file nowhere.yaml');
  });
});
