import type { FileMode, OwnershipClass } from '../catalog/catalog.js';

/** What the tool remembers of a service between two runs: the file `.create-service/lock.yaml`. */
export interface Lock {
  /** Version of the tool that wrote the service last. */
  readonly tool: string;
  /** The manifest of the last update, as text, byte for byte. */
  readonly manifest: string;
  /** Numbers that stay with their name for ever, such as `proto/order/status`; sorted by name. */
  readonly numbers: readonly StableNumber[];
  /** The rendered files, sorted by path. */
  readonly files: readonly LockedFile[];
  /** Paths with a conflict that nobody has resolved yet, sorted; absent: none. */
  readonly conflicts?: readonly string[];
}

export interface StableNumber {
  readonly name: string;
  readonly number: number;
}

/** One file as it was rendered last; people may have edited it since. */
export interface LockedFile {
  /** Relative path with forward slashes. */
  readonly path: string;
  readonly class: OwnershipClass;
  /** The component it comes from. */
  readonly owner: string;
  readonly mode: FileMode;
  /** SHA-256 of the rendered body, in hexadecimal. */
  readonly sha256: string;
  /** Where a person moved it; absent: it is at its path. */
  readonly at?: string;
}

/** Path of the lock in a service. */
export const lockPath = '.create-service/lock.yaml';

/** Folder of the merge bases in a service: managed files as they were rendered last, under their own paths. */
export const basePath = '.create-service/base';
