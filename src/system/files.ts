/** What stands at a path; symbolic links are not followed. */
export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission bits, without the type: 0o644. */
  readonly mode: number;
}

/**
 * The file system as this tool uses it. All calls are synchronous: fewer cycles than promises, and one place of failure.
 * Every method but the three that say otherwise throws Node's errors, with `code`, `syscall` and `path`.
 */
export interface Files {
  /** Returns what stands at the path, or undefined when nothing does (also below a file). */
  status(path: string): FileStatus | undefined;
  /** Returns a file's bytes, or undefined when nothing is there. */
  read(path: string): Uint8Array | undefined;
  /** Returns the sorted names in a directory, or undefined when nothing is there. */
  list(path: string): readonly string[] | undefined;
  /** Returns the absolute path without symbolic links. */
  realPath(path: string): string;
  /** Makes a file that must not exist yet. The umask applies to the mode. */
  create(path: string, body: string | Uint8Array, mode: number): void;
  /** Adds to the end of a file; makes it where there is none. */
  append(path: string, body: string): void;
  /** Makes one directory, whose parent exists. */
  makeDirectory(path: string): void;
  /** Renames over a file or an empty directory, on the same device. */
  rename(from: string, to: string): void;
  /** Removes one file or symbolic link. */
  remove(path: string): void;
  /** Removes one empty directory. */
  removeDirectory(path: string): void;
  changeMode(path: string, mode: number): void;
  /** Waits until the contents of a file, or the names in a directory, are on the disk. */
  sync(path: string): void;
}
