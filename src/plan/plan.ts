import { digest } from '../lock/digest.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import { type Decision, decide } from './decide.js';
import type { Base, BaseEntry, Disk, DiskEntry, Operation, Plan } from './operation.js';
import { renames } from './renames.js';

/**
 * Decides what happens to each path that the last render or this one names. A new service is the update of an empty one.
 *
 * @param base the last render; empty for a new service
 * @param ours the disk at those paths, and where a person moved them
 * @param theirs this render
 * @param declared where the templates say that they put files of the last render, new path by old path
 * @returns one operation for each path, sorted; every edit of a person stays or is merged, or is a conflict
 */
export function plan(
  base: Base,
  ours: Disk,
  theirs: FileTree,
  declared: ReadonlyMap<string, string> = new Map(),
): Plan {
  const bases = byPath(base.entries);
  const disk = byPath(ours.entries);
  const renders = byPath(theirs.entries.map(rendered));
  const sources = renames(bases, disk, renders, declared);
  const renamed = new Set(sources.values());
  const paths = [...new Set([...bases.keys(), ...renders.keys()])].filter((path) => !renamed.has(path));
  const operations = paths.map((path): Operation => {
    const last = bases.get(sources.get(path) ?? path);
    const place = last?.at ?? last?.path ?? path;
    const found = disk.get(place);
    const theirs = renders.get(path);
    const decision = remembering(decide({ base: last, ours: found, theirs }), theirs ?? last);
    if (last?.at !== undefined) return { path: place, renderedAt: path, ...decision };
    return place === path || !found ? { path, ...decision } : { path, ...carried(decision, place, found) };
  });
  return { operations: operations.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** What happens to a file that the templates renamed: whatever is decided, at its new path. */
function carried(decision: Decision, from: string, { text = '', sha256 = '', mode }: DiskEntry): Decision {
  const before = { sha256, mode };
  if (decision.verdict === 'merge' || decision.verdict === 'conflict') return { ...decision, from, before };
  const kept = { body: text, mode: (mode & 0o100) === 0 ? (0o644 as const) : (0o755 as const) };
  return { ...decision, verdict: 'renamed', from, before, after: decision.after ?? kept };
}

/** The lines of go.sum are a set of which the next run must know which were rendered. */
function remembering(decision: Decision, rendered: BaseEntry | undefined): Decision {
  if (rendered?.body === undefined || !decision.record || !/(^|\/)go\.sum$/.test(rendered.path)) return decision;
  return { ...decision, record: { ...decision.record, body: rendered.body } };
}

function byPath<T extends { readonly path: string }>(entries: readonly T[]): ReadonlyMap<string, T> {
  return new Map(entries.map((entry) => [entry.path, entry]));
}

function rendered(entry: FileEntry): BaseEntry & { readonly body: string } {
  return { ...entry, sha256: digest(entry.body) };
}
