import path from 'node:path';
import { type Diagnostic, UserError } from '../errors.js';
import { digest } from '../lock/digest.js';
import { diagnose } from '../manifest/diagnose.js';
import type { Manifest } from '../manifest/grammar.js';
import type { System } from '../system/system.js';
import { snake } from '../text/case.js';
import { type Contract, ContractProblem } from './contract.js';
import { contractFiles, type Found } from './contract-files.js';
import { grpcContract } from './grpc/grpc-contract.js';
import { restContract } from './rest/rest-contract.js';

/** What reading a contract needs: the disk, and git for those that are elsewhere. */
export type ContractSystem = Pick<System, 'cwd' | 'files' | 'run' | 'scratch'>;

/** A manifest and the text that it was, for the places of what is wrong. */
export interface WrittenManifest {
  readonly manifest: Manifest;
  readonly text: string | Uint8Array;
  /** Its name in error messages; paths of contracts are relative to its folder. */
  readonly file: string;
}

/** A contract as it was copied before, with the digest of what was read then. */
export interface Copy extends Found {
  readonly digest: string;
}

/**
 * Reads the contracts that the manifest's clients name, in the manifest's order. A manifest without any reads nothing.
 *
 * @param copies by client: what need not be read again
 * @throws UserError with exit code 2 for a contract that is not there or cannot be used, all of them at once; with 3 when
 * git or the network is missing
 */
export async function contracts(
  written: WrittenManifest,
  system: ContractSystem,
  copies: ReadonlyMap<string, Copy> = new Map(),
): Promise<readonly Contract[]> {
  const read: Contract[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [client, { protocol, contract }] of Object.entries(written.manifest.clients ?? {})) {
    if (contract === undefined) continue;
    try {
      const folder = path.dirname(path.resolve(system.cwd, written.file));
      const found = copies.get(client) ?? (await contractFiles(contract, protocol, folder, system));
      read.push(understood(client, protocol, found, written.manifest, read));
    } catch (error) {
      if (!(error instanceof ContractProblem)) throw error;
      diagnostics.push(...problemOf(error, client, contract, written));
    }
  }
  if (diagnostics.length === 0) return read;
  const count = diagnostics.length === 1 ? 'a contract' : `${diagnostics.length} contracts`;
  throw new UserError(`${count} of ${written.file} cannot be used`, { diagnostics });
}

function understood(
  client: string,
  protocol: 'grpc' | 'rest',
  found: Found | Copy,
  { name, module, api = [], resources = {} }: Manifest,
  before: readonly Contract[],
): Contract {
  const common = { client, source: found.source, digest: 'digest' in found ? found.digest : digestOf(found) };
  if (protocol === 'rest') return { ...common, ...restContract(found.files) };
  const own = api.includes('grpc') && Object.keys(resources).length > 0 ? [`${snake(name)}.v1`] : [];
  const contract = grpcContract(found, `${module}/api/clients/${client}`, own);
  refuseTwins(contract.files, before);
  return { ...common, ...contract };
}

/** Two .proto files with one path, or two messages with one name, cannot be in one Go program. */
function refuseTwins(files: Contract['files'], before: readonly Contract[]): void {
  for (const { path: file } of files) {
    const other = before.find((one) => one.files.some((theirs) => theirs.path === file && file.endsWith('.proto')));
    if (other)
      throw new ContractProblem(`has ${file}, and so has the contract of ${other.client}: one program can hold one`);
  }
}

function digestOf({ files }: Found): string {
  return digest(files.map(({ path: name, body }) => `${digest(body)}  ${name}\n`).join(''));
}

function problemOf(
  { message, place }: ContractProblem,
  client: string,
  contract: string,
  { text, file }: WrittenManifest,
): readonly Diagnostic[] {
  const inside = place ? `${place.file}${place.line > 0 ? `:${place.line}:${place.column}` : ''}: ` : '';
  const problem = {
    path: ['clients', client, 'contract'],
    on: 'value',
    message: `the contract ${place ? `cannot be used: ${inside}` : ''}${message}`,
    found: contract,
  } as const;
  return diagnose(text, file, [problem]);
}
