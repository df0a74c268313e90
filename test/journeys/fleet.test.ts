import { expect, it } from 'vitest';
import { type MemoryFiles, memoryFiles } from '../../src/system/memory-files.js';
import { fakeTerminal } from '../support/fake-terminal.js';
import { runCli, type Surroundings } from '../support/run-cli.js';

const manifest = (name: string) => `apiVersion: create-service/v1
name: ${name}
module: github.com/acme/${name}
owner: me
`;

/** A disk with services below `/srv/fleet`, as `new` writes them. */
async function fleetOf(...names: readonly string[]): Promise<MemoryFiles> {
  const disk = memoryFiles({ '/srv/.keep': '' });
  for (const name of names) {
    disk.create(`/srv/${name}.yaml`, manifest(name), 0o644);
    const argv = ['new', `fleet/${name}`, '--manifest', `${name}.yaml`, '--yes', '--no-git'];
    const { code, err } = await runCli(argv, { disk });
    if (code !== 0) throw new Error(err);
  }
  return disk;
}

function write(disk: MemoryFiles, path: string, body: string): void {
  if (disk.status(path)) disk.remove(path);
  disk.create(path, body, 0o644);
}

const textOf = (disk: MemoryFiles, path: string) => Buffer.from(disk.read(path) ?? '').toString('utf8');

/** Asks for a setting more, which changes files. */
function edit(disk: MemoryFiles, name: string): void {
  const setting = 'config:\n  limit: { type: int32, default: 5, description: "How many." }\n';
  write(disk, `/srv/fleet/${name}/service.yaml`, `${manifest(name)}${setting}`);
}

const update = (disk: MemoryFiles, argv: readonly string[], surroundings: Surroundings = {}) =>
  runCli(['update', ...argv, '--jobs', '2'], { ...surroundings, disk });

it('updates every service, a line for each, and the second time there is nothing to do', async () => {
  const disk = await fleetOf('a', 'b', 'c');
  edit(disk, 'b');
  const first = await update(disk, ['--all', 'fleet']);
  expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: '3 done: 2 unchanged, 1 changed.\n' });
  expect(first.out).toMatch(/^changed {4}fleet\/b {2}.*\d+ update/m);
  expect(textOf(disk, '/srv/fleet/b/internal/app/wire_gen.go')).toContain('LIMIT');
  expect((await update(disk, ['--all', 'fleet'])).err).toBe('3 done: 3 unchanged.\n');
});

it('looks only: drift is 1, and nothing is written', async () => {
  const disk = await fleetOf('a', 'b');
  edit(disk, 'b');
  const before = disk.snapshot('/srv');
  const checked = await update(disk, ['--all', 'fleet', '--check']);
  expect({ code: checked.code, err: checked.err }).toEqual({ code: 1, err: '2 done: 1 unchanged, 1 drift.\n' });
  expect((await update(disk, ['--all', 'fleet', '--dry-run'])).code).toBe(0);
  expect(disk.snapshot('/srv')).toEqual(before);
});

it('prints one JSON document', async () => {
  const disk = await fleetOf('a', 'b');
  edit(disk, 'b');
  write(disk, '/srv/list', 'fleet/a\nfleet/b\nfleet/missing\n');
  const { code, out } = await update(disk, ['--repos', 'list', '--check', '--json']);
  const { repositories, summary } = JSON.parse(out);
  expect(repositories).toMatchObject([
    { repository: 'fleet/a', state: 'unchanged', exitCode: 0, verdicts: { unchanged: expect.any(Number) } },
    { repository: 'fleet/b', state: 'drift', exitCode: 1, drift: expect.arrayContaining(['internal/app/wire_gen.go']) },
    {
      repository: 'fleet/missing',
      state: 'failed',
      exitCode: 2,
      error: '--cwd: there is no directory /srv/fleet/missing',
    },
  ]);
  expect({ code, summary }).toEqual({
    code: 3,
    summary: { exitCode: 3, done: 3, before: 0, left: 0, states: { unchanged: 1, drift: 1, failed: 1 } },
  });
  write(disk, '/srv/list', '\n# nothing\n');
  expect((await update(disk, ['--repos', 'list', '--check'])).err).toContain('--repos: list names no repository');
});

it('is not stopped by a bad one, and goes on with what failed', async () => {
  const disk = await fleetOf('a', 'b', 'c');
  write(disk, '/srv/fleet/b/service.yaml', 'nonsense: [\n');
  const run = () => update(disk, ['--all', 'fleet', '--report', 'done.jsonl']);
  const lines = () =>
    textOf(disk, '/srv/done.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const first = await run();
  expect({ code: first.code, err: first.err }).toEqual({ code: 3, err: '3 done: 2 unchanged, 1 failed.\n' });
  expect(lines().find(({ state }) => state === 'failed')).toMatchObject({
    repository: 'fleet/b',
    exitCode: 2,
    error: expect.stringContaining('service.yaml'),
    command: 'update',
    seconds: expect.any(Number),
  });
  edit(disk, 'b');
  const second = await run();
  expect({ code: second.code, out: second.out }).toEqual({
    code: 0,
    out: expect.stringMatching(/^changed {4}fleet\/b .*\n$/),
  });
  expect(second.err).toContain('2 were done before');
  expect(lines()).toHaveLength(4);
  expect((await run()).err).toContain('0 done.\n3 were done before');
  expect((await update(disk, ['--all', 'fleet', '--check', '--report', 'done.jsonl'])).err).toContain(
    '3 done: 3 unchanged.',
  );
});

it('counts a line that was written half as none', async () => {
  const disk = await fleetOf('a', 'b');
  const run = () => update(disk, ['--all', 'fleet', '--report', 'done.jsonl']);
  await run();
  write(disk, '/srv/done.jsonl', textOf(disk, '/srv/done.jsonl').slice(0, -20));
  expect((await run()).err).toContain('1 done: 1 unchanged.\n1 were done before');
  expect((await run()).err).toContain('2 were done before');
  write(disk, '/srv/done.jsonl', 'my notes\n');
  expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('/srv/done.jsonl is no report') });
  expect(textOf(disk, '/srv/done.jsonl')).toBe('my notes\n');
});

it('stops after Ctrl-C, and goes on with the same command', async () => {
  const disk = await fleetOf('a', 'b', 'c');
  const controller = new AbortController();
  const quiet = fakeTerminal();
  const terminal = {
    ...quiet,
    interrupted: controller.signal,
    out: (text: string) => {
      quiet.out(text);
      controller.abort();
    },
  };
  const argv = ['update', '--all', 'fleet', '--jobs', '1', '--report', 'r'];
  const stopped = await runCli(argv, { disk, terminal });
  expect(stopped).toMatchObject({ code: 130, err: expect.stringContaining('Interrupted; 2 are left.') });
  expect((await runCli(argv, { disk })).err).toContain('2 done: 2 unchanged.\n1 were done before');
});

it('does one part of the list', async () => {
  const disk = await fleetOf('a', 'b', 'c');
  const out = await Promise.all(
    ['1/2', '2/2'].map((shard) => update(disk, ['--all', 'fleet', '--check', '--shard', shard])),
  );
  expect(out.map(({ err }) => err)).toEqual(['2 done: 2 unchanged.\n', '1 done: 1 unchanged.\n']);
});

it('reads the list from standard input', async () => {
  const disk = await fleetOf('a', 'b');
  const terminal = fakeTerminal({ input: 'fleet/a\nfleet/b\n' });
  expect((await update(disk, ['--repos', '-', '--check'], { terminal })).err).toBe('2 done: 2 unchanged.\n');
});

it.each([
  [['--repos', 'urls'], 'the list has URLs'],
  [['--repos', 'nowhere'], '--repos: there is no file nowhere'],
  [['--all', '.', '--repos', 'urls'], 'cannot be used with'],
  [['--all', '.', '--continue'], 'cannot be used with'],
  [['--all', '.', '--shard', '3/2'], '--shard 3/2: write it as'],
  [['--all', '.', '--shard', '0/2'], '--shard 0/2: write it as'],
  [['--all', '.', '--jobs', '0'], '--jobs 0: give a number'],
  [['--shard', '1/2'], '--shard is for many services'],
])('refuses %j', async (argv, message) => {
  const disk = await fleetOf('a');
  write(disk, '/srv/urls', 'https://forge.example/acme/a.git\n');
  const { code, err } = await runCli(['update', ...argv], { disk });
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(message) });
});
