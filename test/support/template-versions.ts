import { apply } from '../../src/apply/apply.js';
import { survey } from '../../src/apply/survey.js';
import type { Catalog } from '../../src/catalog/catalog.js';
import type { Operation, Verdict } from '../../src/plan/operation.js';
import { plan } from '../../src/plan/plan.js';
import { renderTree } from '../../src/street.js';
import { type MemoryFiles, memoryFiles } from '../../src/system/memory-files.js';
import { type MemorySystem, memorySystem } from '../../src/system/memory-system.js';
import { carryOut } from '../../src/update/carry-out.js';
import { openService } from '../../src/update/open-service.js';
import { planUpdate, type Update, type UpdateOptions } from '../../src/update/plan-update.js';
import { aCatalog } from './a-catalog.js';
import { fakeTerminal } from './fake-terminal.js';

/**
 * Texts of the files that a version of the templates gives, by path; a path that ends in `!` is executable. What is in
 * `migrations/` is not given but says what becomes of services of earlier versions.
 */
export type Version = Readonly<Record<string, string>>;

/** The manifest of the services here. */
export const smallest = `apiVersion: create-service/v1
name: orders
module: github.com/acme/orders
owner: me
`;

/** Returns a catalog of these files: those in `own/` are people's, `*.gen` is generated, all others are managed. */
export function catalogOf(version: Version): Catalog {
  const modes = Object.keys(version).flatMap((path) =>
    path.endsWith('!') ? [`"${path.slice(0, -1)}": { class: managed, executable: true }`] : [],
  );
  const rules = [...modes, '"own/**": yours', '"**.gen": generated', '"**": managed'];
  const component = `name: service\ntitle: s\nsummary: s\nownership: { ${rules.join(', ')} }\n`;
  const place = (path: string) => (path.startsWith('migrations/') ? path : `service/files/${path.replace(/!$/, '')}`);
  const files = Object.entries(version).map(([path, text]) => [place(path), text]);
  return aCatalog({ 'service/component.yaml': component, ...Object.fromEntries(files) });
}

/** A service that one version of the templates wrote, in the working directory: `/srv` unless a test says otherwise. */
export interface Written {
  readonly files: MemoryFiles;
  readonly system: MemorySystem;
  read(path: string): string;
  write(path: string, body: string | Uint8Array): void;
  /** Brings it to another version. */
  update(version: Version, options?: UpdateOptions & { readonly allowDirty?: boolean }): Promise<Updated>;
  /** Everything in it but the record of `undo`. */
  snapshot(): readonly string[];
}

/** What an update did. */
export interface Updated extends Update {
  readonly verdicts: Readonly<Record<string, Verdict>>;
  operation(path: string): Operation;
}

/** Writes a service with a version of the templates. */
export function writtenBy(version: Version, parts: Partial<MemorySystem> = {}): Written {
  const files = parts.files ?? memoryFiles();
  const system = memorySystem({ run: async () => 'not-found', terminal: fakeTerminal(), ...parts, files });
  const root = system.cwd;
  if (!parts.files) files.makeDirectory(root);
  files.create(`${root}/service.yaml`, smallest, 0o644);
  const { tree } = renderTree(smallest, 'service.yaml', catalogOf(version));
  const paths = tree.entries.map(({ path }) => path);
  const first = plan({ entries: [] }, survey('.', paths, system), tree);
  apply(first, { tool: '0.1.0', manifest: smallest, numbers: [] }, '.', system);
  return around(files, system, root);
}

function around(files: MemoryFiles, system: MemorySystem, root: string): Written {
  return {
    files,
    system,
    read: (path) => Buffer.from(files.read(`${root}/${path}`) ?? '(absent)').toString('utf8'),
    write: (path, body) => {
      const mode = files.status(`${root}/${path}`)?.mode;
      if (mode !== undefined) files.remove(`${root}/${path}`);
      const parent = `${root}/${path}`.slice(0, `${root}/${path}`.lastIndexOf('/'));
      if (!files.status(parent)) files.makeDirectory(parent);
      files.create(`${root}/${path}`, body, mode ?? 0o644);
    },
    update: async (version, { allowDirty = false, ...options } = {}) => {
      const service = openService(system);
      const update = await planUpdate(service, service.manifest, catalogOf(version), system, options);
      await carryOut(update, allowDirty, system);
      return withVerdicts(update);
    },
    snapshot: () => files.snapshot(root).filter((line) => !line.includes(' .create-service/undo')),
  };
}

function withVerdicts(update: Update): Updated {
  const { operations } = update.plan;
  return {
    ...update,
    verdicts: Object.fromEntries(operations.map(({ path, verdict }) => [path, verdict])),
    operation: (path) => {
      const found = operations.find((operation) => operation.path === path);
      if (!found) throw new Error(`no operation for ${path}`);
      return found;
    },
  };
}
