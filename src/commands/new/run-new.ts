import { relative, resolve } from 'node:path';
import { apply } from '../../apply/apply.js';
import { refuseConflicts } from '../../apply/refuse-conflicts.js';
import { survey } from '../../apply/survey.js';
import type { Catalog } from '../../catalog/catalog.js';
import { loadCatalog } from '../../catalog/load.js';
import type { Input } from '../../command.js';
import { leftOutText } from '../../derive/left-out-text.js';
import { UserError } from '../../errors.js';
import type { Plan } from '../../plan/operation.js';
import { plan } from '../../plan/plan.js';
import type { ServiceModel } from '../../resolve/model.js';
import { type RenderedService, renderService } from '../../street.js';
import { palette } from '../../system/colour.js';
import { Interruption } from '../../system/interruption.js';
import { withProgress } from '../../system/progress.js';
import type { System } from '../../system/system.js';
import { briefly } from '../../update/report-json.js';
import { version } from '../../version.js';
import { commandLine } from './command-line.js';
import { type Draft, draft } from './draft.js';
import { firstCommit, withoutRepository } from './first-commit.js';
import { mayAsk, type NewFlags, newFlags } from './new-flags.js';
import { nextSteps } from './next-steps.js';
import { summary } from './summary.js';
import { openTarget } from './target.js';

/** A service that is ready to be written. */
interface Prepared {
  readonly draft: Draft;
  /** Absolute. */
  readonly directory: string;
  readonly model: ServiceModel;
  readonly plan: Plan;
}

/** Writes a new service, or shows what it would write. */
export async function runNew(input: Input, system: System): Promise<number> {
  const flags = newFlags(input);
  const prepared = await prepare(input, flags, system);
  if (flags.dryRun) return showPlan(prepared, input, system);
  if (!(await agreed(prepared, flags, system))) {
    system.terminal.err('Nothing was written.\n');
    return 0;
  }
  return write(prepared, flags, input, system);
}

async function prepare(input: Input, flags: NewFlags, system: System): Promise<Prepared> {
  const [typed] = input.operands;
  // Nobody should answer questions for a directory that is then refused.
  if (typed !== undefined) openTarget(resolve(system.cwd, typed), flags, system);
  const drafted = await draft(input, flags, system);
  const rendering = rendered(drafted, await loadCatalog(), system);
  const { model, tree, leftOut } = await withProgress('Generating Go from the .proto files', rendering, system);
  if (leftOut) system.terminal.err(leftOutText(leftOut));
  const directory = resolve(system.cwd, typed ?? model.name);
  if (typed === undefined) openTarget(directory, flags, system);
  const paths = tree.entries.map(({ path }) => path);
  const planned = plan({ entries: [] }, survey(directory, paths, system), tree);
  refuseConflicts(planned);
  return { draft: drafted, directory, model, plan: planned };
}

/** Lines and columns of a manifest that nobody wrote would puzzle the person. */
async function rendered({ text, file, answers }: Draft, catalog: Catalog, system: System): Promise<RenderedService> {
  try {
    return await renderService(text, file, catalog, system);
  } catch (error) {
    if (answers === undefined || !(error instanceof UserError)) throw error;
    const diagnostics = error.diagnostics.map((one) => ({ ...one, file: 'flags', line: 0, column: 0 }));
    throw new UserError('the flags describe no service that can be written', { diagnostics });
  }
}

async function showPlan({ model, plan, directory }: Prepared, { json }: Input, system: System): Promise<number> {
  if (json) system.terminal.out(`${JSON.stringify({ directory, plan: briefly(plan) }, undefined, 2)}\n`);
  else {
    const lines = plan.operations.map(({ verdict, path }) => `${verdict.padEnd(10)} ${path}`);
    system.terminal.out(`${lines.join('\n')}\n`);
    system.terminal.err(summary(model, plan, shown(directory, system), await palette(system, 'err')));
  }
  return 0;
}

async function agreed(
  { draft: { answers, asked }, directory, model, plan }: Prepared,
  flags: NewFlags,
  system: System,
): Promise<boolean> {
  if (!mayAsk(flags, system.terminal)) return true;
  system.terminal.err(summary(model, plan, shown(directory, system), await palette(system, 'err')));
  const agrees = await (await system.prompts()).confirm('Write it?', true);
  if (agrees && asked && answers) {
    const kept = [flags.git ? '' : '--no-git', flags.force ? '--force' : ''].filter(Boolean);
    system.terminal.err(`The same without questions:\n  ${commandLine(shown(directory, system), answers, kept)}\n`);
  }
  return agrees;
}

async function write(
  { draft: { text }, directory, model, plan }: Prepared,
  flags: NewFlags,
  { json }: Input,
  system: System,
): Promise<number> {
  const outside = withoutRepository(flags.git, directory, system);
  await new Promise(setImmediate); // Lets a Ctrl-C that came meanwhile through; from here on the write is one piece.
  system.terminal.interrupted.throwIfAborted();
  const manifest = typeof text === 'string' ? text : new TextDecoder().decode(text);
  const receipt = apply(plan, { tool: version, manifest, numbers: model.numbers }, directory, system);
  const git = outside ?? (await withProgress('Making the first commit', firstCommit(directory, system), system));
  if (system.terminal.interrupted.aborted) throw new Interruption('Interrupted; the service is written.');
  if (json) system.terminal.out(`${JSON.stringify({ directory, receipt, git }, undefined, 2)}\n`);
  system.terminal.err(nextSteps(model, receipt, shown(directory, system), git, await palette(system, 'err')));
  return 0;
}

/** The directory as a person here would write it. */
function shown(directory: string, system: System): string {
  const path = relative(system.cwd, directory);
  return path.startsWith('..') ? directory : path || '.';
}
