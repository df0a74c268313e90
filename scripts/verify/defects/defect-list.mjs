import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/**
 * @typedef {object} Defect
 * @property {string} name what is wrong with the service, for a person; unique
 * @property {string} file the file that it is seeded into, below the service
 * @property {string} old text that the file has exactly once
 * @property {string} new what stands there instead
 */

/**
 * Reads every list of a directory, in the order of the files' names.
 *
 * @returns {Defect[]}
 */
export function readDefects(directory) {
  const files = readdirSync(directory).filter((file) => file.endsWith('.yaml'));
  return files.sort().flatMap((file) => {
    const area = path.basename(file, '.yaml');
    const entries = parse(readFileSync(path.join(directory, file), 'utf8'));
    return entries.map(({ defect, ...rest }) => ({ name: `${area}: ${defect}`, ...rest }));
  });
}

/** Returns the text with the defect in it. Throws unless the old text is there exactly once. */
export function seed(defect, text) {
  const parts = text.split(defect.old);
  if (parts.length !== 2) {
    throw new Error(`${defect.name}: the old text is ${parts.length - 1} times in ${defect.file}, not once`);
  }
  return parts.join(defect.new);
}
