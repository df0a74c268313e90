import type { Catalog, Component, Fragment, Template, TemplateFile } from './catalog.js';
import type { Program } from './template/program.js';
import { runProgram } from './template/run.js';

/** Returns the catalog that this version of the tool ships. */
export async function loadCatalog(): Promise<Catalog> {
  const { catalog } = await import('virtual:catalog');
  return { ...catalog, components: catalog.components.map(withTemplates) };
}

function withTemplates(component: Component<Program>): Component {
  const files = component.files.map((file): TemplateFile => ({ ...file, template: templateOf(file.template) }));
  const fragments = component.fragments.map((one): Fragment => ({ ...one, template: templateOf(one.template) }));
  return { ...component, files, fragments };
}

function templateOf(program: Program): Template {
  return (context, kit) => runProgram(program, context, kit);
}
