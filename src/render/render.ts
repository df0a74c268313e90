import type { Catalog, Component, RenderKit, TemplateFile } from '../catalog/catalog.js';
import { UserError } from '../errors.js';
import { tidyImports } from '../go/tidy-imports.js';
import type { ServiceModel } from '../resolve/model.js';
import { componentOrder } from './component-order.js';
import { copyPackages } from './copy-packages.js';
import { expandPath } from './expand-path.js';
import type { FileEntry, FileTree } from './file-tree.js';
import { renderKit } from './render-kit.js';

/**
 * Returns every file of the service: the active components' templates, and the plain Go packages that these reach.
 * Pure: the same model and catalog give the same bytes.
 *
 * @throws UserError naming both owners when two components make one path, also when the paths differ only in case
 */
export function render(model: ServiceModel, catalog: Catalog): FileTree {
  const components = componentOrder(activeComponents(model, catalog));
  const kit = renderKit(components);
  const rendered = components.flatMap((component) =>
    component.files.flatMap((file) => renderFile(file, component, model, kit)),
  );
  const entries = [...rendered, ...copyPackages(rendered, model.module, catalog)];
  refuseCollisions(entries);
  return { entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

function activeComponents(model: ServiceModel, { components }: Catalog): readonly Component[] {
  const active = new Set(['service', ...model.components.map(({ name }) => name)]);
  return components.filter(({ name }) => active.has(name));
}

/** A template that renders to nothing but white space makes no file. */
function renderFile(
  file: TemplateFile,
  { name, appliesTo }: Component,
  model: ServiceModel,
  kit: RenderKit,
): readonly FileEntry[] {
  return expandPath(file.path, model, appliesTo).flatMap(({ path, context }) => {
    const text = renderText(file, context, kit);
    if (text.trim() === '') return [];
    const body = path.endsWith('.go') ? tidyImports(text) : text;
    return [{ path, body, mode: file.mode, owner: name, class: file.class }];
  });
}

function renderText({ source, template }: TemplateFile, context: unknown, kit: RenderKit): string {
  try {
    return template(context, kit);
  } catch (cause) {
    throw new Error(`${source} does not render: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function refuseCollisions(entries: readonly FileEntry[]): void {
  const seen = new Map<string, FileEntry>();
  for (const entry of entries) {
    const other = seen.get(entry.path.toLowerCase());
    if (other) {
      throw new UserError(
        `${other.owner} makes ${other.path} and ${entry.owner} makes ${entry.path}: one path cannot have two owners`,
      );
    }
    seen.set(entry.path.toLowerCase(), entry);
  }
}
