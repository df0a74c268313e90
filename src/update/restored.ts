import { survey } from '../apply/survey.js';
import { UserError } from '../errors.js';
import { digest } from '../lock/digest.js';
import type { Operation, Plan } from '../plan/operation.js';
import type { FileEntry, FileTree } from '../render/file-tree.js';
import type { System } from '../system/system.js';

/**
 * Returns the plan with some paths written as they are rendered, whatever the person did with them: deleted, edited or ejected.
 *
 * @throws UserError for a path that this service does not render
 */
export function restored(
  { operations }: Plan,
  paths: readonly string[],
  tree: FileTree,
  directory: string,
  system: System,
): Plan {
  if (paths.length === 0) return { operations };
  const renders = new Map(tree.entries.map((entry) => [entry.path, entry]));
  const added = paths.map((path) => restore(path, renders.get(path), directory, system));
  const others = operations.filter(({ path, renderedAt = path }) => !paths.includes(renderedAt));
  return { operations: [...others, ...added] };
}

function restore(path: string, entry: FileEntry | undefined, directory: string, system: System): Operation {
  if (!entry) throw new UserError(`--restore: no template gives ${path} in this service`);
  const [ours] = survey(directory, [path], system).entries;
  if (ours && ours.sha256 === undefined) throw new UserError(`--restore: ${path} is no file`, { exitCode: 3 });
  const { class: ownership, owner, mode, body } = entry;
  const facts = { class: ownership, owner, mode, sha256: digest(body) };
  const record = ownership === 'managed' ? { ...facts, body } : facts;
  const before = ours?.sha256 === undefined ? undefined : { sha256: ours.sha256, mode: ours.mode };
  const verdict = before ? 'update' : 'create';
  return {
    path,
    class: ownership,
    owner,
    verdict,
    ...(before && { before }),
    after: { body, mode },
    record,
  };
}
