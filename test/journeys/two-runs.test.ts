import { expect, it } from 'vitest';
import { type LivingService, livingService } from '../support/living-service.js';
import { runCli } from '../support/run-cli.js';

const addField = ['add', 'field', 'order', 'gift:string(20)'];
const addConfig = ['add', 'config', 'gift_limit:int32=3', '--description', 'x'];
const unwatched = (command: readonly string[], { files }: LivingService) =>
  runCli([...command, '--allow-dirty', '--cwd', '/srv/orders'], { disk: files });

/** Runs a command during whose first question to git something else happens: it has read the service and written nothing. */
async function interrupted(command: readonly string[], happens: (service: LivingService) => unknown) {
  let between: readonly string[] | undefined;
  const service = (await livingService()).copy({
    run: async () => {
      if (!between) {
        await happens(service);
        between = service.snapshot();
      }
      return { code: 1, stdout: '', stderr: '' };
    },
  });
  const { code, err } = await service.run(...command, '--allow-dirty');
  return { code, err, between, after: service.snapshot(), manifest: service.read('service.yaml') };
}

it.each([
  { first: addConfig, second: addField, says: 'gift_limit: { type: int32' },
  { first: addField, second: addConfig, says: 'gift:' },
])('$second.1 while another run does $first.1: the second is refused, the first stays whole', async (runs) => {
  const outcome = await interrupted(runs.second, async (service) => {
    expect(await unwatched(runs.first, service)).toMatchObject({ code: 0 });
  });
  expect(outcome.code).toBe(3);
  expect(outcome.err).toMatch(/lock\.yaml: it changed since it was read\n {2}run the command again/);
  expect(outcome.manifest).toContain(runs.says);
  expect(outcome.after).toEqual(outcome.between);
});

it('a manifest that a person saves while a run reads it is kept, and the run refused', async () => {
  const outcome = await interrupted(addField, (service) => service.edit('service.yaml', 'tls: {}', 'tls: {} # mine'));
  expect(outcome.code).toBe(3);
  expect(outcome.err).toMatch(/service\.yaml: it changed since it was read\n {2}run the command again/);
  expect(outcome.after).toEqual(outcome.between);
});

it('a lock that another run wrote is not taken for the one that was read, where only the lock would tell', async () => {
  const outcome = await interrupted(addConfig, async (service) => {
    expect(await unwatched(['eject', 'internal/app/wire_gen.go'], service)).toMatchObject({ code: 0 });
  });
  expect(outcome.code).toBe(3);
  expect(outcome.after).toEqual(outcome.between);
});
