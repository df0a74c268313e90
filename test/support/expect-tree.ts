import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { expect } from 'vitest';

/** A file that a directory should hold. */
export interface ExpectedFile {
  readonly path: string;
  readonly body: string;
  readonly mode: number;
}

/** Differences that are shown in full; of more, only the names. */
const mostShown = 10;
const mostLines = 80;

/**
 * Compares a directory with the files that it should hold, and fails with the name of each file that is missing, that
 * should not be there or that differs, and a unified diff. With UPDATE_TREES=1 it writes the directory instead; never
 * where CI is set.
 *
 * @param ignored paths below these folders, and these files, belong to somebody else
 */
export function expectTree(directory: string, files: readonly ExpectedFile[], ignored: readonly string[] = []): void {
  const found = listFiles(directory).filter((file) => !isBelow(file, ignored));
  const differences = compare(directory, found, files);
  if (differences.length === 0) return;
  if (process.env.UPDATE_TREES === '1') return update(directory, found, files);
  const shown = differences.slice(0, mostShown);
  const names = differences.slice(mostShown).map((difference) => difference.split('\n', 1)[0]);
  expect.fail(
    `${directory} is not what is rendered:\n\n${[...shown, ...names].join('\n')}\n\nUPDATE_TREES=1 writes it anew.`,
  );
}

/** Returns the paths of all files below a directory, sorted. */
export function listFiles(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter(
    (entry) => !entry.isDirectory(),
  );
  return files
    .map((file) => path.relative(directory, path.join(file.parentPath, file.name)).split(path.sep).join('/'))
    .sort();
}

function isBelow(file: string, folders: readonly string[]): boolean {
  return folders.some((folder) => file === folder || file.startsWith(`${folder}/`));
}

function compare(directory: string, found: readonly string[], files: readonly ExpectedFile[]): readonly string[] {
  const expected = new Set(files.map((file) => file.path));
  const orphans = found.filter((file) => !expected.has(file)).map((file) => `${file}: is there and is not rendered`);
  return [...orphans, ...files.flatMap((file) => difference(directory, file))];
}

function difference(directory: string, file: ExpectedFile): readonly string[] {
  const onDisk = path.join(directory, file.path);
  if (!existsSync(onDisk)) return [`${file.path}: is rendered and is not there`];
  const body = readFileSync(onDisk, 'utf8');
  if (body !== file.body) return [`${file.path}: differs\n${unifiedDiff(file.path, body, file.body)}`];
  const isExecutable = (mode: number) => (mode & 0o100) !== 0;
  if (isExecutable(statSync(onDisk).mode) === isExecutable(file.mode)) return [];
  return [`${file.path}: should ${isExecutable(file.mode) ? '' : 'not '}be executable`];
}

function unifiedDiff(name: string, before: string, after: string): string {
  const lines = createTwoFilesPatch(`on disk/${name}`, `rendered/${name}`, before, after).split('\n').slice(1);
  const more = lines.length - mostLines;
  return more > 0 ? `${lines.slice(0, mostLines).join('\n')}\n… ${more} more lines` : lines.join('\n');
}

function update(directory: string, found: readonly string[], files: readonly ExpectedFile[]): void {
  if (process.env.CI) expect.fail('UPDATE_TREES is refused where CI is set');
  const expected = new Set(files.map((file) => file.path));
  for (const file of found) if (!expected.has(file)) rmSync(path.join(directory, file));
  for (const file of files) {
    const onDisk = path.join(directory, file.path);
    mkdirSync(path.dirname(onDisk), { recursive: true });
    writeFileSync(onDisk, file.body);
    chmodSync(onDisk, file.mode);
  }
}
