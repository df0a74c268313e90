import { parse } from 'yaml';
import { surveyFolder } from '../apply/survey.js';
import type { Contract } from '../contracts/contract.js';
import { type Copy, contracts, type WrittenManifest } from '../contracts/contracts.js';
import type { Manifest } from '../manifest/grammar.js';
import type { System } from '../system/system.js';
import { isDerived } from './derived-paths.js';
import { textInHistory } from './lost-bases.js';
import type { Service } from './open-service.js';

/** Contracts of the clients of the last update, and of those of this one. */
export interface UpdatedContracts {
  readonly before: readonly Contract[];
  readonly next: readonly Contract[];
}

/**
 * Returns what the clients' contracts say. Their copies in the repository are taken as the last update wrote them, so that
 * an update needs no network and no other repository, and changes no contract that nobody asked for. A contract is read
 * where it is from when the manifest takes it from elsewhere than before, when its copy is lost, and on request.
 *
 * @param former the manifest of the last update
 * @param anew no copy is taken for this one
 */
export async function updatedContracts(
  service: Service,
  former: Manifest,
  written: WrittenManifest,
  anew: boolean,
  system: System,
): Promise<UpdatedContracts> {
  const copies = new Map<string, Copy>();
  for (const client of Object.keys(former.clients ?? {})) {
    const copy = await copyOf(client, service, system);
    if (copy) copies.set(client, copy);
  }
  const isKept = (client: string) => !anew && isSame(former.clients?.[client], written.manifest.clients?.[client]);
  const copied = Object.entries(former.clients ?? {}).filter(([client]) => copies.has(client));
  const before = await contracts(
    { ...written, manifest: { ...former, clients: Object.fromEntries(copied) } },
    system,
    copies,
  );
  const kept = new Map([...copies].filter(([client]) => isKept(client)));
  const next = await contracts(written, system, kept);
  const found = next.filter(({ client }) => isSame(former.clients?.[client], written.manifest.clients?.[client]));
  return { before: [...before, ...found.filter(({ client }) => !copies.has(client))], next };
}

type Client = NonNullable<Manifest['clients']>[string];

function isSame(one: Client | undefined, other: Client | undefined): boolean {
  return one?.contract === other?.contract && one?.protocol === other?.protocol;
}

function folderOf(client: string): string {
  return `api/clients/${client}/`;
}

/** Returns the copy of a contract as the last update wrote it, whatever people did with it; undefined when it is lost. */
async function copyOf(client: string, service: Service, system: System): Promise<Copy | undefined> {
  const texts = await writtenTexts(folderOf(client), service, system);
  const lock = lockOf(texts.get('contract.lock'));
  if (!lock) return undefined;
  const files = lock.files.map((path) => ({ path, body: texts.get(path) }));
  const whole = files.flatMap(({ path, body }) => (body === undefined ? [] : [{ path, body }]));
  return whole.length === files.length ? { source: lock.source, digest: lock.sha256, files: whole } : undefined;
}

/** Returns the texts of a folder by their paths in it: those on the disk, or where they were edited, of a commit. An ejected one is the person's. */
async function writtenTexts(folder: string, { lock, directory }: Service, system: System) {
  const onDisk = new Map(surveyFolder(directory, folder.slice(0, -1), system).entries.map((each) => [each.path, each]));
  const texts = new Map<string, string>();
  for (const file of lock.files) {
    if (!file.path.startsWith(folder) || isDerived(file.path)) continue;
    const ours = onDisk.get(file.path);
    const isOurs = ours?.sha256 === file.sha256 || file.class === 'ejected';
    const text = isOurs ? ours?.text : await textInHistory(file, directory, system);
    if (text !== undefined) texts.set(file.path.slice(folder.length), text);
  }
  return texts;
}

interface ContractLock {
  readonly source: string;
  readonly sha256: string;
  readonly files: readonly string[];
}

/** Returns what a contract.lock says; nothing when it cannot be read, and then the contract is read anew. */
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
