import { parse } from 'yaml';
import { surveyFolder } from '../apply/survey.js';
import type { Contract } from '../contracts/contract.js';
import { type Copy, contracts, type WrittenManifest } from '../contracts/contracts.js';
import type { Manifest } from '../manifest/grammar.js';
import type { System } from '../system/system.js';

/** Contracts of the clients of the last update, and of those of this one. */
export interface UpdatedContracts {
  readonly before: readonly Contract[];
  readonly next: readonly Contract[];
}

/**
 * Returns what the clients' contracts say. The copies in the repository are taken, so that an update needs no network and no
 * other repository, and changes no contract that nobody asked for; a contract is read where the manifest takes it from
 * elsewhere than before, or where its copy is not there.
 *
 * @param directory of the service, absolute
 * @param former the manifest of the last update
 * @param anew no copy is taken for this one
 */
export async function updatedContracts(
  directory: string,
  former: Manifest,
  written: WrittenManifest,
  anew: boolean,
  system: System,
): Promise<UpdatedContracts> {
  const copies = new Map<string, Copy>();
  for (const client of Object.keys(former.clients ?? {})) {
    const copy = copyOf(client, directory, system);
    if (copy) copies.set(client, copy);
  }
  const kept = [...copies].filter(
    ([client]) => !anew && isSame(former.clients?.[client], written.manifest.clients?.[client]),
  );
  const copied = Object.entries(former.clients ?? {}).filter(([client]) => copies.has(client));
  const before = { ...written, manifest: { ...former, clients: Object.fromEntries(copied) } };
  return {
    before: await contracts(before, system, copies),
    next: await contracts(written, system, new Map(kept)),
  };
}

type Client = NonNullable<Manifest['clients']>[string];

function isSame(one: Client | undefined, other: Client | undefined): boolean {
  return one?.contract === other?.contract && one?.protocol === other?.protocol;
}

function copyOf(client: string, directory: string, system: System): Copy | undefined {
  const folder = `api/clients/${client}`;
  const { entries } = surveyFolder(directory, folder, system);
  const texts = new Map(entries.map(({ path, text }) => [path.slice(folder.length + 1), text]));
  const lock = lockOf(texts.get('contract.lock'));
  if (!lock) return undefined;
  const files = lock.files.map((path) => ({ path, body: texts.get(path) }));
  const whole = files.flatMap(({ path, body }) => (body === undefined ? [] : [{ path, body }]));
  return whole.length === files.length ? { source: lock.source, digest: lock.sha256, files: whole } : undefined;
}

interface ContractLock {
  readonly source: string;
  readonly sha256: string;
  readonly files: readonly string[];
}

/** Returns what a contract.lock says; nothing when people broke it, and then the contract is read anew. */
function lockOf(text: string | undefined): ContractLock | undefined {
  if (text === undefined) return undefined;
  try {
    const read = parse(text) as Partial<ContractLock> | null;
    const isWhole = typeof read?.source === 'string' && typeof read.sha256 === 'string' && Array.isArray(read.files);
    return isWhole ? (read as ContractLock) : undefined;
  } catch {
    return undefined;
  }
}
