/** Arguments with which git lists what is not committed at some pathspecs. */
export function statusArgs(pathspecs: readonly string[]): readonly string[] {
  return ['status', '--porcelain=v1', '-z', '--untracked-files=all', '--no-renames', '--', ...pathspecs];
}

/**
 * Returns the paths in what git lists, relative to the service.
 *
 * @param prefix the service's folder in the repository, with a slash at its end
 */
export function pathsIn(status: string, prefix: string): readonly string[] {
  return status.split('\0').flatMap((line) => (line === '' ? [] : [line.slice(3 + prefix.length)]));
}
