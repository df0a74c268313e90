import { dirname, join } from 'node:path';
import type { Files } from '../../system/files.js';

/** Returns the nearest directory at or above `directory`, which need not exist, that holds `.git`. */
export function enclosingRepository(directory: string, files: Files): string | undefined {
  for (let place = directory; ; place = dirname(place)) {
    if (files.status(join(place, '.git'))) return place;
    if (dirname(place) === place) return undefined;
  }
}
