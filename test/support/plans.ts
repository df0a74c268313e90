import type { LockFacts } from '../../src/apply/lock-of.js';
import { survey } from '../../src/apply/survey.js';
import { digest } from '../../src/lock/digest.js';
import type { Base, BaseEntry, Plan } from '../../src/plan/operation.js';
import { plan } from '../../src/plan/plan.js';
import type { FileEntry, FileTree } from '../../src/render/file-tree.js';
import type { System } from '../../src/system/system.js';

/** Returns a tree of managed files; a path that ends in `!` is executable. */
export function aTree(files: Readonly<Record<string, string>>): FileTree {
  const entries = Object.entries(files).map(([name, body]): FileEntry => {
    const path = name.replace(/!$/, '');
    return { path, body, mode: path === name ? 0o644 : 0o755, owner: 'service', class: 'managed' };
  });
  return { entries };
}

/** Returns the base that a tree leaves behind. */
export function baseOf(tree: FileTree): Base {
  return { entries: tree.entries.map((entry): BaseEntry => ({ ...entry, sha256: digest(entry.body) })) };
}

/** Returns the plan that brings a directory from one tree to another. */
export function planOf(directory: string, last: FileTree, next: FileTree, system: System): Plan {
  const paths = [...last.entries, ...next.entries].map(({ path }) => path);
  return plan(baseOf(last), survey(directory, new Set(paths), system), next);
}

/** What the lock remembers beside the files. */
export const lockFacts: LockFacts = { tool: '0.1.0', manifest: 'name: orders\n', numbers: [] };
