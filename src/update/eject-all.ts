import { carryOutChanges } from '../apply/apply.js';
import type { Change } from '../apply/change.js';
import { survey, surveyFolder } from '../apply/survey.js';
import type { Input } from '../command.js';
import type { System } from '../system/system.js';
import type { Service } from './open-service.js';
import { withoutHeader } from './plan-eject.js';

/** What runs the tool in the service's own CI: it would fail without a lock. */
const workflow = '.github/workflows/update.yaml';

/**
 * Makes a whole service the person's own: what the tool remembers goes, and generated files say no more that they are. The
 * repository builds without the tool. Returns the exit code.
 */
export function ejectAll({ lock, directory }: Service, { options, json }: Input, system: System): number {
  const remembered = surveyFolder(directory, '.create-service', system).entries.filter(
    ({ path }) => !path.startsWith('.create-service/undo/'),
  );
  const generated = lock.files.filter(({ class: ownership }) => ownership === 'generated').map(({ path }) => path);
  const rendered = lock.files.find(({ path }) => path === workflow)?.sha256;
  const runsTool = survey(directory, [workflow], system).entries.filter(({ sha256 }) => sha256 === rendered);
  const changes: readonly Change[] = [
    ...survey(directory, generated, system).entries.flatMap((entry) => {
      const { before, after } = withoutHeader(entry);
      return after && !entry.path.startsWith('.create-service/') ? [{ path: entry.path, before, after }] : [];
    }),
    ...[...runsTool, ...remembered].flatMap(({ path, sha256, mode }) =>
      sha256 === undefined ? [] : [{ path, before: { sha256, mode } }],
    ),
  ];
  const receipt = options.dryRun === true ? undefined : carryOutChanges(changes, directory, system);
  if (json)
    system.terminal.out(`${JSON.stringify({ changes: changes.map(({ path }) => path), receipt }, undefined, 2)}\n`);
  else
    system.terminal.out(
      `${changes.map(({ path, after }) => `${after ? 'update ' : 'removed'}  ${path}`).join('\n')}\n`,
    );
  if (receipt) system.terminal.err('The service is yours; create-service undo takes this back.\n');
  return 0;
}
