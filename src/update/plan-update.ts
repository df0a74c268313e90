import type { LockFacts } from '../apply/lock-of.js';
import { survey, surveyFolder } from '../apply/survey.js';
import type { Catalog, TemplateVersion } from '../catalog/catalog.js';
import { goModules } from '../derive/go-modules.js';
import type { LeftOut } from '../derive/proto-go.js';
import { UserError } from '../errors.js';
import { digest } from '../lock/digest.js';
import { knownTo } from '../manifest/known.js';
import { manifest } from '../manifest/manifest.js';
import { markerLine } from '../merge/lines.js';
import { merge } from '../merge/merge.js';
import { type Migrations, migrations, type Settling } from '../migrations/migrations.js';
import type { MigrationFile } from '../migrations/schema-history.js';
import type { Operation, Plan } from '../plan/operation.js';
import { plan } from '../plan/plan.js';
import type { ServiceModel } from '../resolve/model.js';
import type { ResolveOptions } from '../resolve/resolve.js';
import { type RenderedTree, renderTree } from '../street.js';
import type { System } from '../system/system.js';
import { version } from '../version.js';
import { type UpdatedContracts, updatedContracts } from './copied-contracts.js';
import { derivedOperations } from './derived-operations.js';
import { declaredRenames, dueVersions, upgradedManifest } from './due-versions.js';
import { followMoves } from './follow-moves.js';
import { compared } from './last-render.js';
import { withLostBases } from './lost-bases.js';
import { manifestPath, type Service } from './open-service.js';
import { isMigration, type Published, published, seenByAll } from './published.js';
import { refuseSparse } from './refuse-sparse.js';
import { moveNote, type Renumbered, renumbered, withMovedMigrations, withNumber } from './renumber.js';
import { restored } from './restored.js';

/** What a run would do to a directory. Nothing has happened yet. */
export interface Intent {
  readonly service: Service;
  readonly plan: Plan;
  readonly facts: LockFacts;
  /** Paths that do not agree with the manifest, sorted: what `--check` finds. */
  readonly drift: readonly string[];
  readonly leftOut?: LeftOut;
  /** What a person should know beside the plan, a line each. */
  readonly notes: readonly string[];
}

/** What an update would do to a service. */
export interface Update extends Intent {
  readonly model: ServiceModel;
}

/** What else shall happen. */
export interface UpdateOptions {
  /** Paths that become what the templates have, whatever became of them. */
  readonly restore?: readonly string[];
  /** Contracts of clients are read anew, also where there are copies. */
  readonly contracts?: boolean;
  /** What databases still have from before becomes what the manifest says: `order.note`, `refund`, `all`. */
  readonly settle?: readonly string[];
  /** Names of which the number clashes with another's, and becomes the next free one: `proto/order/gift`. */
  readonly renumber?: readonly string[];
}

/**
 * Plans what brings a service to a manifest and to this tool's templates: render → plan → merge → derive.
 *
 * @param written the manifest that it shall have, perhaps of an earlier version
 * @throws UserError with code 2 for a manifest with mistakes, with code 1 while an earlier conflict is open
 */
export async function planUpdate(
  found: Service,
  written: string,
  catalog: Catalog,
  system: System,
  { restore = [], contracts: anew = false, settle = [], renumber = [] }: UpdateOptions = {},
): Promise<Update> {
  const due = dueVersions(catalog, found);
  const { text, notes: upgrades } = upgradedManifest(written, due);
  const lock = { ...found.lock, manifest: upgradedManifest(found.lock.manifest, due).text };
  const service = { ...found, lock };
  const { directory } = service;
  refuseOpenConflicts(service, system);
  const isSame = text === lock.manifest && !anew && settle.length === 0 && renumber.length === 0;
  const given = await seenBefore(service, isSame, renumber.length > 0, due, system);
  const moves = renumbered(renumber, given.known);
  const seen = withNumbers(given, moves);
  const known = { numbers: lock.numbers, lastMigration: 0 };
  const contracts = await contractsOf(service, text, catalog, system, anew);
  const next = renderTree(text, manifestPath, catalog, { known: seen.known, contracts: contracts.next });
  const today = isSame ? next : lastRender(lock.manifest, catalog, { known, contracts: contracts.before });
  const settling = { names: settle, files: settle.length === 0 ? [] : migrationFiles(service, system) };
  const steps = isSame ? noSteps(next) : stepsOf(seen, next, catalog, settling);
  const wanted = { entries: [...next.tree.entries, ...steps.entries] };
  const sides = compared(service, today.tree, wanted, seen.migrations);
  const { base, theirs, changed } = withMovedMigrations(sides, moves, today.tree, next.tree, service, system);
  const paths = new Set([...base, ...theirs].map(({ path }) => path));
  const followed = followMoves(base, paths, directory, system);
  const entries = await withLostBases(followed.base, followed.disk, directory, system);
  const merged = merge(plan({ entries }, followed.disk, { entries: theirs }, declaredRenames(due)));
  await refuseSparse(merged.operations, directory, system);
  const decided = restored(merged, restore, next.tree, directory, system);
  const derived = await derivedOperations(decided, service, goModules(next.model), system);
  const operations = [...decided.operations, ...derived.operations, manifestOperation(service, text, system)];
  const whole: Plan = { operations: operations.sort((a, b) => (a.path < b.path ? -1 : 1)) };
  return {
    service,
    model: next.model,
    plan: whole,
    facts: {
      tool: version,
      manifest: text,
      numbers: steps.numbers,
      conflicts: conflictsOf(whole),
      undoable: true,
      madeFrom: service.madeFrom,
    },
    drift: [
      ...whole.operations.filter((operation) => isDrift(operation, changed)).map(({ path }) => path),
      ...(upgrades.length > 0 ? [manifestPath] : []),
    ].sort(),
    notes: [
      ...upgrades.map((note) => `${manifestPath} is brought to this version: ${note}.`),
      ...moves.map(moveNote),
      ...steps.notes,
    ],
    ...(derived.leftOut && { leftOut: derived.leftOut }),
  };
}

/** The contracts of the last update, from their copies, and those of this one. */
async function contractsOf(
  service: Service,
  text: string,
  catalog: Catalog,
  system: System,
  anew: boolean,
): Promise<UpdatedContracts> {
  const known = knownTo(catalog);
  const former = readable(() => manifest(service.lock.manifest, lastManifest, known));
  const written = { manifest: manifest(text, manifestPath, known), text, file: manifestPath };
  return updatedContracts(service, former, written, anew, system);
}

/** What others may have seen: nothing more than the last update where nothing changes, and all where numbers are given anew. */
async function seenBefore(
  service: Service,
  isSame: boolean,
  isRenumbered: boolean,
  due: readonly TemplateVersion[],
  system: System,
): Promise<Published> {
  if (isSame) return untouched(service);
  return withUpgrade(isRenumbered ? seenByAll(service, system) : await published(service, system), due);
}

function withNumbers(seen: Published, moves: readonly Renumbered[]): Published {
  const numbers = moves.reduce((before, { name, to }) => withNumber(before, name, to), seen.known.numbers);
  return { ...seen, known: { ...seen.known, numbers } };
}

function withUpgrade(seen: Published, due: readonly TemplateVersion[]): Published {
  return { ...seen, manifest: upgradedManifest(seen.manifest, due).text };
}

/** With the manifest of the last update nothing is added to the schema, and nothing is taken back. */
function untouched({ lock }: Service): Published {
  const migrations = lock.files.map(({ path }) => path).filter(isMigration);
  const known = { numbers: lock.numbers, lastMigration: 0 };
  return { manifest: lock.manifest, known, migrations: new Set(migrations) };
}

function noSteps({ model }: RenderedTree): Migrations {
  return { entries: [], numbers: model.numbers, notes: [] };
}

function stepsOf({ manifest, known }: Published, next: RenderedTree, catalog: Catalog, settling: Settling): Migrations {
  return migrations(lastRender(manifest, catalog, { known }), next, known, manifestPath, settling);
}

function migrationFiles({ directory }: Service, system: System): readonly MigrationFile[] {
  const { entries } = surveyFolder(directory, 'migrations', system);
  return entries.flatMap(({ path, text }) => (text !== undefined && isMigration(path) ? [{ path, text }] : []));
}

const lastManifest = 'the manifest of the last update';

function lastRender(text: string, catalog: Catalog, options: ResolveOptions): RenderedTree {
  return readable(() => renderTree(text, lastManifest, catalog, options));
}

/** What an earlier version accepted may be refused by now; that is no mistake of the manifest on the disk. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`this version cannot read the manifest of the last update`, {
      diagnostics: error.diagnostics,
      hint: 'run update with the version that the lock names, then with this one',
    });
  }
}

/** Refuses to go on over conflicts that nobody has resolved. */
export function refuseOpenConflicts({ lock, directory }: Pick<Service, 'lock' | 'directory'>, system: System): void {
  const { conflicts = [] } = lock;
  const open = survey(directory, conflicts, system)
    .entries.map(({ path, text = '' }) => ({ path, line: markerLine(text) }))
    .filter(({ line }) => line > 0);
  if (open.length === 0) return;
  throw new UserError(open.length === 1 ? 'a conflict is open' : `${open.length} conflicts are open`, {
    exitCode: 1,
    diagnostics: open.map(({ path, line }) => ({
      file: path,
      line,
      column: 1,
      message: 'both sides changed the same lines',
    })),
    hint: 'choose what stays, take the markers out, then run create-service update --continue',
  });
}

/** Returns the paths that are conflicts. */
export function conflictsOf({ operations }: Plan): readonly string[] {
  return operations.filter(({ verdict }) => verdict === 'conflict').map(({ path }) => path);
}

/** Newer templates and edits of managed files are no drift; what the manifest asks for, and edits of generated files, are. */
function isDrift(
  { path, renderedAt = path, class: ownership, verdict, after }: Operation,
  changed: ReadonlySet<string>,
) {
  if (verdict === 'conflict') return true;
  if (verdict === 'unchanged' || verdict === 'ejected') return false;
  if (ownership === 'derived') return after !== undefined || verdict === 'removed';
  const isLeft = verdict === 'kept-edited' || verdict === 'skipped-deleted';
  return isLeft ? ownership === 'generated' : changed.has(renderedAt);
}

function manifestOperation({ directory }: Service, text: string, system: System): Operation {
  const [ours] = survey(directory, [manifestPath], system).entries;
  const facts = { path: manifestPath, class: 'yours', owner: 'service' } as const;
  const record = { class: facts.class, owner: facts.owner, mode: 0o644, sha256: digest(text) } as const;
  if (!ours?.sha256 || ours.text === text) return { ...facts, verdict: 'unchanged', record };
  const before = { sha256: ours.sha256, mode: ours.mode };
  return { ...facts, verdict: 'update', before, after: { body: text, mode: 0o644 }, record };
}
