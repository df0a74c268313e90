import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TemplateSources } from '../../src/catalog/catalog-from.js';

/** Reads what the catalog is made from: the text of every file below `service/`, `components/`, `platform/`, `devstack/` and `migrations/` of a directory. */
export function readTemplates(directory: string): TemplateSources {
  const folders = ['service', 'components', 'platform', 'devstack', 'migrations'].filter((name) =>
    existsSync(path.join(directory, name)),
  );
  const files = folders.flatMap((folder) =>
    readdirSync(path.join(directory, folder), { recursive: true, withFileTypes: true }),
  );
  const paths = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name));
  const shipped = paths.filter((file) => !isBuilt(relative(directory, file)));
  return new Map(shipped.sort().map((file) => [relative(directory, file), readFileSync(file, 'utf8')]));
}

/** Programs that tests build from the stand-ins, as .gitignore knows them. */
function isBuilt(file: string): boolean {
  return file.startsWith('devstack/.bin/');
}

function relative(directory: string, file: string): string {
  return path.relative(directory, file).split(path.sep).join('/');
}
