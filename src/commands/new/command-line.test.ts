import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { commandLine, shellWord } from './command-line.js';

const hostile = ["it's", 'a b', '$(id)', '`id`', '"', '\\', 'a\nb', '!', '*', '{{x}}', '', '-n', 'ä', '#', '~'];

test.each(hostile)('a shell reads %j back as it was', (text) => {
  const output = execFileSync('sh', ['-c', `printf '%s.' ${shellWord(text)}`], { encoding: 'utf8' });
  expect(output).toBe(`${text}.`);
});

test('what was not said is not on the line', () => {
  const answers = { name: 'a', module: 'example.com/a', owner: 'me', api: [], resources: [], environments: [] };
  expect(commandLine('./a b', { ...answers, description: '' }, ['--no-git'])).toBe(
    "npx create-service new './a b' --name a --module example.com/a --owner me --no-git --yes",
  );
});
