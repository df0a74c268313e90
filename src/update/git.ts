import { dirname, join } from 'node:path';
import { UserError } from '../errors.js';
import type { System } from '../system/system.js';
import { withoutCredentials } from '../text/credentials.js';

/** Variables that would point git at another repository, as they do inside a git hook, and its language: it is read. */
const environment = { LC_ALL: 'C', GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined };

/** Milliseconds that one git command may take. */
const patience = 60_000;

/** Runs git in a directory. Returns what it prints, or undefined when there is no git, no repository, or it fails. */
export async function gitSays(
  args: readonly string[],
  directory: string,
  system: System,
  input = '',
): Promise<string | undefined> {
  const result = await start(args, directory, system, { input });
  return result === 'not-found' || result.code !== 0 ? undefined : result.stdout;
}

/**
 * Runs git in a directory. Returns what it prints, or undefined when there is no git or no repository.
 *
 * @throws UserError with code 3 that says what git said when it fails in a repository
 */
export async function gitSaysSurely(
  args: readonly string[],
  directory: string,
  system: System,
  necessity: Necessity,
): Promise<string | undefined> {
  const result = await start(args, directory, system, necessity);
  if (result === 'not-found' || (result.code !== 0 && !isInRepository(directory, system))) return undefined;
  return outputOf(result, necessity).out;
}

/**
 * Returns the path of a directory in its repository, empty or with a slash at its end; undefined when there is no git or no
 * repository. The repository's own root is told without git.
 */
export async function prefixIn(directory: string, system: System): Promise<string | undefined> {
  if (system.files.status(join(directory, '.git'))) return '';
  return (await gitSays(['rev-parse', '--show-prefix'], directory, system))?.trim();
}

/** Tells without git whether a directory is below one that holds a repository. */
function isInRepository(directory: string, system: System): boolean {
  const above = dirname(directory);
  return (
    system.files.status(join(directory, '.git')) !== undefined || (above !== directory && isInRepository(above, system))
  );
}

/** How git runs that must not fail. */
export interface Necessity {
  /** What cannot be done without it, as the beginning of a message: `cannot push`. */
  readonly problem: string;
  readonly hint?: string;
  readonly input?: string;
  /** Milliseconds that it may take. */
  readonly timeoutMs?: number;
}

/**
 * Runs git in a directory and returns what it prints on both streams.
 *
 * @throws UserError with code 3 that says what git said
 */
export async function git(
  args: readonly string[],
  directory: string,
  system: System,
  necessity: Necessity,
): Promise<Output> {
  const result = await start(args, directory, system, necessity);
  if (result === 'not-found') throw new UserError(`${necessity.problem}: git is not installed`, { exitCode: 3 });
  return outputOf(result, necessity);
}

interface Output {
  readonly out: string;
  readonly err: string;
}

function start(
  args: readonly string[],
  directory: string,
  system: System,
  { input = '', timeoutMs = patience }: Pick<Necessity, 'input' | 'timeoutMs'>,
): ReturnType<System['run']> {
  return system.run('git', args, { cwd: directory, env: environment, timeoutMs, input });
}

function outputOf(
  result: Exclude<Awaited<ReturnType<System['run']>>, 'not-found'>,
  { problem, hint, timeoutMs = patience }: Necessity,
): Output {
  if (result.code === 0) return { out: result.stdout, err: result.stderr };
  const said = result.code > 128 && result.stderr === '' ? `it was ended after ${timeoutMs / 1000} s` : result.stderr;
  throw new UserError(`${problem}: ${lastWords(said)}`, { exitCode: 3, ...(hint !== undefined && { hint }) });
}

/** The lines of an error text that say why: git puts hints and what a server said around them. */
function lastWords(text: string): string {
  const lines = withoutCredentials(text).trim().split('\n');
  const reasons = lines.filter((line) => /^(fatal|error|remote: error| ! )/.test(line));
  return (reasons.length > 0 ? reasons : lines.slice(-1)).map((line) => line.trim()).join('; ');
}
