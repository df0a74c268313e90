import { readFileSync } from 'node:fs';
import type { MemoryFiles } from '../../src/system/memory-files.js';
import { type Outcome, runCli, type Surroundings } from './run-cli.js';

/** The orders example without gRPC, whose Go takes a second to generate. */
export const restOrders = readFileSync(new URL('../../examples/orders/service.yaml', import.meta.url), 'utf8').replace(
  'api: [rest, grpc]',
  'api: [rest]',
);

/** A service in memory that commands run on, one after another, and that a person edits in between. */
export interface LivingService {
  readonly files: MemoryFiles;
  /** Runs a command line in it. */
  readonly run: (...argv: readonly string[]) => Promise<Outcome>;
  readonly read: (path: string) => string;
  readonly has: (path: string) => boolean;
  /** Writes a file, as an editor does: the mode stays. */
  readonly write: (path: string, body: string | Uint8Array) => void;
  /** Replaces a text that is there exactly once. */
  readonly edit: (path: string, from: string, to: string) => void;
  readonly remove: (path: string) => void;
  readonly move: (from: string, to: string) => void;
  /** Everything in it but the record of `undo`, one line for each path. */
  readonly snapshot: () => readonly string[];
  readonly copy: (surroundings?: Surroundings) => LivingService;
}

const begun = new Map<string, MemoryFiles>();

/** Returns a service as `new` writes it from the manifest. */
export async function livingService(
  manifest: string = restOrders,
  surroundings: Surroundings = {},
): Promise<LivingService> {
  const known = begun.get(manifest);
  if (known) return around(known.copy(), surroundings);
  const argv = ['new', 'orders', '--manifest', 'service.yaml', '--yes', '--no-git'];
  const { code, err, files } = await runCli(argv, { files: { '/srv/service.yaml': manifest } });
  if (code !== 0) throw new Error(err);
  begun.set(manifest, files.copy());
  return around(files, surroundings);
}

function around(files: MemoryFiles, surroundings: Surroundings): LivingService {
  const place = (path: string) => `/srv/orders/${path}`;
  const read = (path: string) => Buffer.from(files.read(place(path)) ?? fail(path)).toString('utf8');
  const write = (path: string, body: string | Uint8Array) => {
    const mode = files.status(place(path))?.mode ?? 0o644;
    if (files.status(place(path))) files.remove(place(path));
    makeParents(files, place(path));
    files.create(place(path), body, mode);
  };
  return {
    files,
    read,
    write,
    run: (...argv) => runCli([...argv, '--cwd', '/srv/orders'], { ...surroundings, disk: files }),
    has: (path) => files.status(place(path)) !== undefined,
    edit: (path, from, to) => {
      const parts = read(path).split(from);
      if (parts.length !== 2) throw new Error(`${path} holds ${parts.length - 1} times: ${from}`);
      write(path, parts.join(to));
    },
    remove: (path) => files.remove(place(path)),
    move: (from, to) => {
      makeParents(files, place(to));
      files.rename(place(from), place(to));
    },
    snapshot: () => files.snapshot('/srv/orders').filter((line) => !/^\d+ \.create-service\/undo\//.test(line)),
    copy: (more = surroundings) => around(files.copy(), more),
  };
}

function makeParents(files: MemoryFiles, path: string): void {
  const parent = path.slice(0, path.lastIndexOf('/'));
  if (parent === '' || files.status(parent)) return;
  makeParents(files, parent);
  files.makeDirectory(parent);
}

function fail(path: string): never {
  throw new Error(`there is no ${path}`);
}
