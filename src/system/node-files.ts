import * as fs from 'node:fs';
import type { FileStatus, Files } from './files.js';

/** Returns the file system of this machine. */
export function nodeFiles(): Files {
  return {
    status,
    read: (path) => unlessAbsent(() => fs.readFileSync(path)),
    list: (path) => unlessAbsent(() => fs.readdirSync(path).sort()),
    realPath: (path) => fs.realpathSync(path),
    create: (path, body, mode) => fs.writeFileSync(path, body, { flag: 'wx', mode }),
    append: (path, body) => fs.appendFileSync(path, body),
    makeDirectory: (path) => fs.mkdirSync(path),
    rename: (from, to) => fs.renameSync(from, to),
    remove: (path) => fs.unlinkSync(path),
    removeDirectory: (path) => fs.rmdirSync(path),
    changeMode: (path, mode) => fs.chmodSync(path, mode),
    sync,
  };
}

function status(path: string): FileStatus | undefined {
  const found = unlessAbsent(() => fs.lstatSync(path, { throwIfNoEntry: false }));
  return found && { kind: kindOf(found), mode: found.mode & 0o7777 };
}

function kindOf(stats: fs.Stats): FileStatus['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

function unlessAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function sync(path: string): void {
  const descriptor = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(descriptor);
  } catch (error) {
    // Windows cannot flush a directory, nor a file that is open for reading only.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}
