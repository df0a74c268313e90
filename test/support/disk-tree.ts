import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Returns everything below a directory, sorted: path, permissions and contents. Equal lists are equal trees. */
export function diskTree(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const file = path.join(directory, name);
      const status = lstatSync(file);
      const mode = (status.mode & 0o7777).toString(8);
      return status.isFile() ? `${mode} ${name} ${readFileSync(file, 'utf8')}` : `${mode} ${name}/`;
    });
}
