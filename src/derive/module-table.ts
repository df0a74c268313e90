/**
 * What `go mod tidy` would write, as a table with a row for each external import path: requirements and checksums are the
 * union of the rows of what a module imports. `scripts/gomod-table.mjs` computes it and proves it.
 */
export interface ModuleTable {
  /** The `go` line: the highest that a dependency asks for. */
  readonly go: string;
  /** Every module, as `path version`, sorted. */
  readonly modules: readonly string[];
  /** Lines of go.sum without the line break, in the order of go.sum. */
  readonly sums: readonly string[];
  /** The row of `base`, which every module of the table imports; the other rows hold what an import adds to it. */
  readonly base: ModuleRow & { readonly imports: readonly string[] };
  /** Rows by import path; those of `base` are here too, for their module. */
  readonly imports: Readonly<Record<string, ModuleRow>>;
}

/** Indices into `modules` and `sums`, ascending. */
export interface ModuleRow {
  /** The module that holds the package. Absent for `base`. */
  readonly module?: number;
  readonly modules: readonly number[];
  readonly sums: readonly number[];
}
