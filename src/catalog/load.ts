import type { Catalog, Component, Fragment, TemplateFile } from './catalog.js';
import type { Program } from './template/program.js';
import { templateOf } from './template/run.js';

/** Returns the catalog that this version of the tool ships. */
export async function loadCatalog(): Promise<Catalog> {
  const { catalog } = await import('virtual:catalog');
  const components = catalog.components.map(withTemplates);
  return { ...catalog, components, platform: filesOf(catalog.platform) };
}

function withTemplates(component: Component<Program>): Component {
  const files = filesOf(component.files);
  const fragments = component.fragments.map((one): Fragment => ({ ...one, template: templateOf(one.template) }));
  return { ...component, files, fragments };
}

function filesOf(files: readonly TemplateFile<Program>[]): readonly TemplateFile[] {
  return files.map((file) => ({ ...file, template: templateOf(file.template) }));
}
