import { UserError } from '../errors.js';
import { type ContractFile, ContractProblem } from './contract.js';
import { endings, type Found, limits } from './contract-files.js';
import type { ContractSystem } from './contracts.js';

/** Milliseconds that one step of git may take. */
const patience = 120_000;

/** Where services of this kind keep their contracts; elsewhere the whole repository is searched. */
const usualFolders = { grpc: 'api/proto', rest: 'api/openapi' } as const;

/**
 * Reads the files of a contract from a commit: `git+https://host/repository#commit`, with `//path` behind the repository
 * for a folder or a file of it.
 *
 * @throws UserError with exit code 3 when git is not there or cannot reach the repository
 * @throws ContractProblem when the repository has no such commit or path
 */
export async function filesOfCommit(place: string, protocol: 'grpc' | 'rest', system: ContractSystem): Promise<Found> {
  const { repository, inside, commit } = partsOf(place);
  return system.scratch(async (directory) => {
    const git = gitIn(directory, system);
    await git.must(['clone', '--quiet', '--bare', '--filter=blob:none', repository, '.'], `cannot read ${repository}`);
    const whole = await git.maybe(['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`]);
    if (whole === undefined) throw new ContractProblem(`has no commit ${commit}`);
    const pinned = whole.trim();
    const { root, only, names } = await namesIn(git, pinned, inside, protocol);
    const files: ContractFile[] = [];
    for (const name of names.slice(0, limits.files + 1))
      files.push({
        path: name.slice(root.length),
        body: await git.must(['show', `${pinned}:${name}`], `cannot read ${name}`),
      });
    return { source: place.replace(/#.*$/, `#${pinned}`), only, files };
  });
}

function partsOf(place: string): { repository: string; inside: string; commit: string } {
  const [, scheme = '', rest = '', commit = ''] = /^git\+(\w+:\/\/)(.*)#(.*)$/.exec(place) ?? [];
  const [repository = '', ...inside] = rest.split('//');
  return { repository: `${scheme}${repository}`, inside: inside.join('/'), commit };
}

interface Names {
  /** What stands in front of the names: empty, or a folder with a slash at its end. */
  readonly root: string;
  readonly only?: string;
  readonly names: readonly string[];
}

async function namesIn(git: Git, commit: string, inside: string, protocol: 'grpc' | 'rest'): Promise<Names> {
  const listing = await git.must(['ls-tree', '-r', '-z', commit], 'cannot list the commit');
  const all = listing.split('\0').flatMap((line) => /^100\d+ blob \S+\t(.*)$/.exec(line)?.[1] ?? []);
  const fitting = all.filter((name) => endings[protocol].test(name) && !/(^|\/)\./.test(name));
  if (inside !== '' && all.includes(inside)) {
    const root = inside.slice(0, inside.lastIndexOf('/') + 1);
    return { root, only: inside.slice(root.length), names: fitting.filter((name) => name.startsWith(root)) };
  }
  if (inside !== '' && !all.some((name) => name.startsWith(`${inside}/`)))
    throw new ContractProblem(`has no ${inside} in its commit`);
  const usual = all.some((name) => name.startsWith(`${usualFolders[protocol]}/`)) ? usualFolders[protocol] : '';
  const folder = inside === '' ? usual : inside.replace(/\/$/, '');
  const root = folder === '' ? '' : `${folder}/`;
  return { root, names: fitting.filter((name) => name.startsWith(root)).sort() };
}

/** Of what git prints, the line that says why. */
function reasonIn(stderr: string): string | undefined {
  return (
    /^(?:fatal|error): (.*)$/m.exec(stderr)?.[1] ??
    stderr
      .trim()
      .split('\n')
      .find((line) => line !== '')
  );
}

interface Git {
  /** Returns what git prints; whatever goes wrong is the environment's fault. */
  must(args: readonly string[], failure: string): Promise<string>;
  /** Returns what git prints, or undefined when it says no. */
  maybe(args: readonly string[]): Promise<string | undefined>;
}

function gitIn(directory: string, { run }: ContractSystem): Git {
  const start = async (args: readonly string[]) => {
    const result = await run('git', args, {
      cwd: directory,
      env: {
        GIT_TERMINAL_PROMPT: '0',
        GIT_CONFIG_COUNT: '0',
        GIT_DIR: undefined,
        GIT_WORK_TREE: undefined,
        LC_ALL: 'C',
      },
      timeoutMs: patience,
    });
    if (result === 'not-found')
      throw new UserError('git is needed to read a contract from a repository, and is not installed', { exitCode: 3 });
    return result;
  };
  return {
    async must(args, failure) {
      const { code, stdout, stderr } = await start(args);
      if (code === 0) return stdout;
      throw new UserError(`${failure}: ${reasonIn(stderr) ?? `git ended with ${code}`}`, { exitCode: 3 });
    },
    async maybe(args) {
      const { code, stdout } = await start(args);
      return code === 0 ? stdout : undefined;
    },
  };
}
