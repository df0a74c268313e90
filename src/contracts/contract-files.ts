import path from 'node:path';
import type { ContractFile } from './contract.js';
import { ContractProblem } from './contract.js';
import type { ContractSystem } from './contracts.js';
import { filesOfCommit } from './files-of-commit.js';

/** What lies at the place of a contract. */
export interface Found {
  readonly source: string;
  /** Set when the place is one file: the others beside it are there for its imports. */
  readonly only?: string;
  /** Sorted by path. */
  readonly files: readonly ContractFile[];
}

/** The most that a contract may have; more is a mistake in the path. */
export const limits = { files: 500, bytes: 2 ** 20 } as const;

/** Which files of a folder belong to a contract. */
export const endings = { grpc: /\.proto$/, rest: /\.(ya?ml|json)$/ } as const;

/**
 * Reads the files at a contract's place.
 *
 * @param folder absolute folder of the manifest
 * @throws ContractProblem when there are none, or too many
 */
export async function contractFiles(
  place: string,
  protocol: 'grpc' | 'rest',
  folder: string,
  system: ContractSystem,
): Promise<Found> {
  const found = place.startsWith('git+')
    ? await filesOfCommit(place, protocol, system)
    : filesOnDisk(place, protocol, folder, system);
  if (found.files.length === 0)
    throw new ContractProblem(`has no ${protocol === 'grpc' ? '.proto file' : 'OpenAPI document (.yaml, .json)'}`);
  if (found.files.length > limits.files) throw new ContractProblem(`has more than ${limits.files} files`);
  return found;
}

function filesOnDisk(place: string, protocol: 'grpc' | 'rest', folder: string, system: ContractSystem): Found {
  const target = path.resolve(folder, place);
  const kind = kindOf(target, system);
  if (kind === undefined) throw new ContractProblem('is not there');
  if (kind === 'directory') return { source: place, files: below(target, '', protocol, system) };
  if (!endings[protocol].test(target))
    throw new ContractProblem(`is no ${protocol === 'grpc' ? '.proto file' : '.yaml or .json file'}`);
  const name = path.basename(target);
  if (protocol === 'rest')
    return { source: place, only: name, files: [{ path: name, body: textOf(target, name, system) }] };
  const root = rootOf(target, textOf(target, name, system));
  const only = path.relative(root, target).split(path.sep).join('/');
  return { source: place, only, files: below(root, '', protocol, system) };
}

/** Symbolic links are followed: what counts is what a person sees there. */
function kindOf(target: string, { files }: ContractSystem): 'file' | 'directory' | undefined {
  const status = files.status(target);
  const kind = status?.kind === 'symlink' ? files.status(files.realPath(target))?.kind : status?.kind;
  return kind === 'file' || kind === 'directory' ? kind : undefined;
}

function below(
  root: string,
  prefix: string,
  protocol: 'grpc' | 'rest',
  system: ContractSystem,
): readonly ContractFile[] {
  const names = system.files.list(path.join(root, prefix)) ?? [];
  const found = names.flatMap((name): readonly ContractFile[] => {
    if (name.startsWith('.') || name === 'node_modules') return [];
    const target = path.join(root, prefix, name);
    const kind = kindOf(target, system);
    if (kind === 'directory') return below(root, `${prefix}${name}/`, protocol, system);
    if (kind !== 'file' || !endings[protocol].test(name)) return [];
    return [{ path: `${prefix}${name}`, body: textOf(target, `${prefix}${name}`, system) }];
  });
  if (found.length > limits.files) throw new ContractProblem(`has more than ${limits.files} files`);
  return [...found].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function textOf(target: string, name: string, { files }: ContractSystem): string {
  const bytes = files.read(target);
  if (bytes === undefined) throw new ContractProblem('is not there');
  if (bytes.length > limits.bytes) throw new ContractProblem(`has ${name}, which is larger than ${limits.bytes} bytes`);
  return new TextDecoder().decode(bytes);
}

/** Returns the folder that a .proto file's path in imports begins in: `api/proto` for `api/proto/stock/v1/item.proto` of package stock.v1. */
function rootOf(target: string, text: string): string {
  const folder = path.dirname(target);
  const segments = /^\s*package\s+([\w.]+)\s*;/m.exec(text)?.[1]?.split('.') ?? [];
  const tail = path.join(...segments, '.');
  return segments.length > 0 && folder.endsWith(`${path.sep}${segments.join(path.sep)}`)
    ? folder.slice(0, -tail.length) || path.sep
    : folder;
}
