import type { FileMode, OwnershipClass } from '../catalog/catalog.js';

/**
 * What happens to one path.
 *
 * - `create`, `update`, `removed`: the tool writes, and nobody's edit is touched.
 * - `merge`: both sides changed it and the merge stage has not run yet, or has, without a conflict.
 * - `conflict`: nothing is written unless the merge stage gave a text with markers.
 * - `unchanged`: the disk holds it already.
 * - `renamed`: the templates renamed it; the edits of a person go with it.
 * - `kept-edited`: a person's version stays. `skipped-deleted`: a person deleted it. `ejected`: it is theirs for good.
 */
export type Verdict =
  | 'create'
  | 'update'
  | 'merge'
  | 'conflict'
  | 'unchanged'
  | 'kept-edited'
  | 'skipped-deleted'
  | 'removed'
  | 'renamed'
  | 'ejected';

/** A text with its permission bits. */
export interface Content {
  readonly body: string;
  readonly mode: FileMode;
}

/** What the tool will do with one path, and what it knows of it. */
export interface Operation {
  /** Relative path with forward slashes: where it stands on the disk. */
  readonly path: string;
  /** Path that it is rendered at, where a person moved it elsewhere. */
  readonly renderedAt?: string;
  /** Path that it stands at now, where the templates renamed it; `before` is about that one. */
  readonly from?: string;
  readonly verdict: Verdict;
  readonly class: OwnershipClass;
  /** The component it comes from. */
  readonly owner: string;
  /** Why, in words; for a conflict always. */
  readonly reason?: string;
  /** What stands on the disk; absent: nothing. Apply refuses when this is no longer true. */
  readonly before?: { readonly sha256: string; readonly mode: number };
  /** What shall stand there; absent: as it is, or nothing when removed. */
  readonly after?: Content;
  /** What the lock remembers of it from now on; absent: nothing. */
  readonly record?: Rendered;
  /** The texts to merge. Without a base every difference between the other two is a conflict. */
  readonly sides?: MergeTexts;
}

/** The texts of one path. */
export interface MergeTexts {
  readonly ours: string;
  readonly base?: string;
  readonly theirs: string;
  /** Ours is what an earlier run wrote, with other templates: nobody's edit. */
  readonly isUntouched?: boolean;
}

/** What one run does to a service: one operation for each path, sorted by path. Nothing has happened yet. */
export interface Plan {
  readonly operations: readonly Operation[];
}

/** A file as it was rendered. */
export interface Rendered {
  readonly class: OwnershipClass;
  /** The component it comes from. */
  readonly owner: string;
  readonly mode: FileMode;
  readonly sha256: string;
  /** Its text, where it is stored (class `managed`) or was rendered again. Without it nothing can be merged. */
  readonly body?: string;
}

/** One file of the last render. */
export interface BaseEntry extends Rendered {
  readonly path: string;
  /** Where a person moved it; absent: it is at its path. */
  readonly at?: string;
  /** SHA-256 of what the last run wrote, where `body` is what today's templates give for it. */
  readonly written?: string;
  /** This run may not change it, whatever is rendered: its verdict only says how it stands. */
  readonly frozen?: boolean;
}

/** The last render, sorted by path; empty for a new service. */
export interface Base {
  readonly entries: readonly BaseEntry[];
}

/** What stands on the disk at one path. */
export interface DiskEntry {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission bits as found. */
  readonly mode: number;
  /** Of a file. */
  readonly sha256?: string;
  /** Of a file that is UTF-8. */
  readonly text?: string;
}

/** The disk, as far as base and render name paths; paths with nothing there are absent. */
export interface Disk {
  readonly entries: readonly DiskEntry[];
}
