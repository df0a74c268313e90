import { UserError } from '../errors.js';

/** What the codes of the operating system mean to a person. */
const causes: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'the disk quota is used up',
  EEXIST: 'something is there already',
  EFBIG: 'it is too large for this file system',
  EIO: 'the disk failed',
  EISDIR: 'a directory stands where a file is needed',
  ELOOP: 'symbolic links go round in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long for this file system',
  ENFILE: 'too many files are open on this machine',
  ENOENT: 'it is gone',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a file stands where a directory is needed',
  ENOTEMPTY: 'something is there already',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  EXDEV: 'it lies on another file system than the directory around it',
};

/**
 * Does one thing with a path and turns an error of the operating system into words.
 *
 * @throws UserError with code 3 that names the path and the cause; errors that are bugs pass as they are
 */
export function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw isSystemError(error) ? refused(`cannot write ${path}`, error) : error;
  }
}

/**
 * Does many things and turns an error of the operating system that nothing inside did turn into words.
 *
 * @throws UserError with code 3 that names the path of the system's error and the cause
 */
export function attemptAll<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw isSystemError(error) ? refused(`cannot reach ${error.path ?? 'a file'}`, error) : error;
  }
}

/** Does one thing; a refusal by the operating system with one of the codes is as good as done. */
export function attemptUnless(codes: readonly string[], path: string, action: () => void): void {
  attempt(path, () => {
    try {
      action();
    } catch (error) {
      if (!isSystemError(error) || !codes.includes(error.code)) throw error;
    }
  });
}

/** Tells whether an error comes from the operating system, and so has a code such as `ENOENT`. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && typeof (error as NodeJS.ErrnoException).code === 'string';
}

function refused(what: string, { code }: { readonly code: string }): UserError {
  return new UserError(`${what}: ${causes[code] ?? code}`, { exitCode: 3 });
}
