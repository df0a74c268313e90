import { z } from 'zod';
import { UserError } from '../errors.js';
import type { Component } from './catalog.js';
import type { TemplateSources } from './catalog-from.js';
import type { OwnershipRule } from './ownership.js';
import { yamlData } from './yaml-data.js';

/** A component as its component.yaml says it. */
export interface ComponentData extends Omit<Component<unknown>, 'files' | 'fragments'> {
  readonly ownership: readonly OwnershipRule[];
  /** Folders of `templates/` of which the component's services get every file, and where. */
  readonly copies: readonly { readonly from: string; readonly to: string }[];
}

const name = z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'a name is kebab-case');
const dotPath = z.string().regex(/^[a-z]\w*(\.\w+)*$/i, 'a path is names with dots between, such as api.rest');
const ownershipClass = z.enum(['generated', 'managed', 'yours']);

const componentSchema = z.strictObject({
  name: z.string(),
  title: z.string().min(1),
  summary: z.string().min(1),
  activeWhen: dotPath.optional(),
  appliesTo: dotPath.optional(),
  keysFor: z.literal('client').optional(),
  requires: z.array(name).default([]),
  conflicts: z.array(name).default([]),
  provides: z.array(name).default([]),
  options: z.record(z.string(), z.unknown()).optional(),
  env: z
    .array(
      z.strictObject({
        key: z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'a key is upper snake case'),
        description: z.string().min(1),
        default: z.string().optional(),
        secret: z.boolean().default(false),
      }),
    )
    .default([]),
  ports: z
    .array(z.strictObject({ name, number: z.int().min(1).max(65535), description: z.string().min(1) }))
    .default([]),
  images: z.array(z.strictObject({ name, reference: z.string().min(1) })).default([]),
  copies: z.array(z.strictObject({ from: z.string().min(1), to: z.string().min(1) })).default([]),
  ownership: z
    .record(
      z.string().min(1),
      z.union([ownershipClass, z.strictObject({ class: ownershipClass, executable: z.boolean().default(false) })]),
    )
    .default({}),
});

/**
 * Reads the component.yaml of a component's folder.
 *
 * @throws UserError when there is none, or with the position of everything in it that is wrong
 */
export function readComponent(folder: string, sources: TemplateSources): ComponentData {
  const file = `${folder}/component.yaml`;
  const text = sources.get(file);
  if (text === undefined) throw wrong(file, 'a component has a component.yaml');
  const { ownership, ...data } = yamlData(file, text, componentSchema);
  const folderName = folder.slice(folder.lastIndexOf('/') + 1);
  if (data.name !== folderName) throw wrong(file, `name is "${data.name}", the folder is "${folderName}"`);
  return {
    ...data,
    requires: [...new Set([...glued(folderName), ...data.requires])],
    ownership: ownershipRules(ownership),
  };
}

/** Glue requires its parts. */
function glued(folderName: string): readonly string[] {
  return folderName.includes('+') ? folderName.split('+') : [];
}

function ownershipRules(ownership: z.output<typeof componentSchema>['ownership']): readonly OwnershipRule[] {
  return Object.entries(ownership).map(([glob, rule]) =>
    typeof rule === 'string'
      ? { glob, class: rule, mode: 0o644 }
      : { glob, class: rule.class, mode: rule.executable ? 0o755 : 0o644 },
  );
}

function wrong(file: string, message: string): UserError {
  return new UserError(message, { diagnostics: [{ file, line: 0, column: 0, message }] });
}
