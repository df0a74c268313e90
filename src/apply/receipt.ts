/** What an apply did. The lock and the merge bases are not listed. */
export interface Receipt {
  /** The service's directory, absolute, without symbolic links. */
  readonly directory: string;
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
  /** Absolute paths where files were put aside that somebody wrote in the middle of the apply. */
  readonly kept: readonly string[];
}
