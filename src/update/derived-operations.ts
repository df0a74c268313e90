import { survey } from '../apply/survey.js';
import type { GoModule } from '../derive/module-files.js';
import { moduleFiles } from '../derive/module-files.js';
import { type LeftOut, protoGo } from '../derive/proto-go.js';
import type { LockedFile } from '../lock/lock.js';
import { merge } from '../merge/merge.js';
import { mergeSums } from '../merge/merge-sums.js';
import type { BaseEntry, Operation, Plan } from '../plan/operation.js';
import { plan } from '../plan/plan.js';
import type { FileEntry } from '../render/file-tree.js';
import type { System } from '../system/system.js';
import { version } from '../version.js';
import { isDerived, isModuleFile } from './derived-paths.js';
import { withLostBases } from './lost-bases.js';
import { MergedTree } from './merged-tree.js';
import type { Service } from './open-service.js';

/** What follows from the merged tree. */
export interface DerivedOperations {
  readonly operations: readonly Operation[];
  readonly leftOut?: LeftOut;
}

/**
 * Decides what happens to the files that follow from the merged tree: Go of .proto files as people edited them, then go.mod
 * and go.sum, which need what that Go imports.
 *
 * @param decided the plan for everything else, merged
 * @throws UserError with every mistake in a .proto file
 */
export async function derivedOperations(
  decided: Plan,
  service: Service,
  modules: readonly GoModule[],
  system: System,
): Promise<DerivedOperations> {
  const tree = new MergedTree(decided, service.directory, system);
  const locked = service.lock.files.filter(({ path }) => isDerived(path));
  const compiled = locked.filter(({ path }) => !isModuleFile(path));
  const protos = await protoOperations(decided, compiled, tree, service, system);
  const remembered = locked.filter(({ path }) => isModuleFile(path));
  if (areModulesCurrent([...decided.operations, ...protos.operations], remembered, service, system)) {
    return { ...protos, operations: [...protos.operations, ...frozen(remembered, service, system)] };
  }
  const whole = new MergedTree(
    { operations: [...decided.operations, ...protos.operations] },
    service.directory,
    system,
  );
  const theirs = moduleFiles({ entries: [...whole.entries('.go'), ...placeholders(protos)] }, modules, 'ignored');
  const files = await planned(
    locked.filter(({ path }) => isModuleFile(path)),
    theirs,
    service,
    system,
  );
  return { ...protos, operations: [...protos.operations, ...files] };
}

/** Where no Go changes, nothing else is required than before; reading all of it would take longer than all the rest. */
function areModulesCurrent(
  operations: readonly Operation[],
  remembered: readonly LockedFile[],
  { lock, directory }: Service,
  system: System,
): boolean {
  const isGoWritten = operations.some(
    ({ path, after, verdict }) => path.endsWith('.go') && (after || verdict === 'removed'),
  );
  const there = survey(directory, remembered.map(pathOf), system).entries.length;
  return !isGoWritten && lock.tool === version && remembered.length > 0 && there === remembered.length;
}

function placeholders({ leftOut }: DerivedOperations): readonly FileEntry[] {
  return leftOut?.placeholders ?? [];
}

async function protoOperations(
  { operations }: Plan,
  locked: readonly LockedFile[],
  tree: MergedTree,
  service: Service,
  system: System,
): Promise<DerivedOperations> {
  const sources = operations.filter(({ path }) => path.endsWith('.proto') || path === 'buf.yaml');
  const isOpen = sources.some(({ verdict }) => verdict === 'conflict');
  if (sources.length === 0 && locked.length === 0) return { operations: [] };
  if (isOpen || isCurrent(sources, locked, service, system)) return { operations: frozen(locked, service, system) };
  const entries = [...tree.entries('.proto'), ...tree.entry('buf.yaml')];
  const { entries: compiled, leftOut } = await protoGo({ entries }, system);
  if (leftOut) return { operations: frozen(locked, service, system), leftOut };
  // A .proto that nothing renders any more, and that people keep, keeps its Go.
  const stems = new Set([...sources, ...locked].map(({ path }) => stemOf(path)));
  const own = compiled.filter(({ path }) => stems.has(stemOf(path)));
  return { operations: await planned(locked, own, service, system) };
}

function stemOf(path: string): string {
  return path.replace(/(\.proto|(_grpc)?\.pb\.go)$/, '');
}

/** Compiling takes longer than all the rest, so it is left out when nothing that it depends on changed. */
function isCurrent(
  sources: readonly Operation[],
  locked: readonly LockedFile[],
  { lock, directory }: Service,
  system: System,
): boolean {
  if (lock.tool !== version || sources.some(({ verdict }) => verdict !== 'unchanged')) return false;
  const disk = survey(directory, locked.map(pathOf), system).entries;
  return locked.every(({ path, sha256 }) => disk.some((entry) => entry.path === path && entry.sha256 === sha256));
}

function frozen(locked: readonly LockedFile[], { directory, bases }: Service, system: System): readonly Operation[] {
  const entries = locked.map((file): BaseEntry => ({ ...file, body: bases.get(file.path), frozen: true }));
  return plan({ entries }, survey(directory, locked.map(pathOf), system), { entries: [] }).operations;
}

async function planned(
  locked: readonly LockedFile[],
  theirs: readonly FileEntry[],
  { directory, bases }: Service,
  system: System,
): Promise<readonly Operation[]> {
  const disk = survey(directory, new Set([...locked, ...theirs].map(pathOf)), system);
  const stored = locked.map((file): BaseEntry => ({ ...file, body: bases.get(file.path) }));
  const entries = await withLostBases(stored, disk, directory, system);
  const { operations } = merge(plan({ entries }, disk, { entries: theirs }));
  const texts = new Map(disk.entries.map(({ path, text }) => [path, text]));
  return operations.map((operation) => withSums(operation, bases.get(operation.path) ?? '', texts.get(operation.path)));
}

/** The lines of go.sum that people added stay, also where everything else of it is computed. */
function withSums(operation: Operation, base: string, ours: string | undefined): Operation {
  const { path, after, ...rest } = operation;
  if (!after || ours === undefined || !path.endsWith('go.sum')) return operation;
  const body = mergeSums(base, ours, after.body);
  if (body === ours) return { path, ...rest, verdict: 'kept-edited' };
  return { path, ...rest, after: { ...after, body } };
}

function pathOf({ path }: { readonly path: string }): string {
  return path;
}
