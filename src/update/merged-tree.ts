import { join } from 'node:path';
import type { Operation, Plan } from '../plan/operation.js';
import type { FileEntry } from '../render/file-tree.js';
import type { System } from '../system/system.js';
import { walk } from './walk.js';

/** The service as it will be when the operations are carried out. */
export class MergedTree {
  private readonly operations: ReadonlyMap<string, Operation>;
  private readonly gone: ReadonlySet<string>;
  private found: readonly string[] | undefined;

  constructor(
    { operations }: Plan,
    private readonly directory: string,
    private readonly system: System,
  ) {
    this.operations = new Map(operations.map((operation) => [operation.path, operation]));
    this.gone = new Set(operations.flatMap(({ from }) => from ?? []));
  }

  /** Returns the text at a path; undefined when nothing will be there, or no text. */
  text(path: string): string | undefined {
    const operation = this.operations.get(path);
    if (operation?.after) return operation.after.body;
    if (operation?.verdict === 'removed' || this.gone.has(path)) return undefined;
    const place = join(this.directory, path);
    if (this.system.files.status(place)?.kind !== 'file') return undefined;
    return Buffer.from(this.system.files.read(place) ?? '').toString('utf8');
  }

  /** Returns every file whose path ends so, people's own among them. */
  entries(ending: string): readonly FileEntry[] {
    this.found ??= walk(this.directory, this.system);
    const paths = new Set([...this.found, ...this.operations.keys()]);
    return [...paths]
      .filter((path) => path.endsWith(ending))
      .sort()
      .flatMap((path) => this.entry(path));
  }

  /** Returns one file as an entry of a tree; an empty list when there is none. */
  entry(path: string): readonly FileEntry[] {
    const body = this.text(path);
    if (body === undefined) return [];
    const { owner = 'service', class: ownership = 'yours' } = this.operations.get(path) ?? {};
    return [{ path, body, mode: 0o644, owner, class: ownership }];
  }
}
