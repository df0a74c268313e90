import type { FileMode, OwnershipClass } from '../catalog/catalog.js';

/** One file of a rendered service. */
export interface FileEntry {
  /** Relative path with forward slashes. */
  readonly path: string;
  readonly body: string;
  readonly mode: FileMode;
  /** Name of the component whose template or package it comes from. */
  readonly owner: string;
  readonly class: OwnershipClass;
}

/** A rendered service: entries sorted by path (code units), no two equal even when case is ignored. */
export interface FileTree {
  readonly entries: readonly FileEntry[];
}
