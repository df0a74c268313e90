import type { Plan } from '../../plan/operation.js';
import type { ServiceModel } from '../../resolve/model.js';
import type { Palette } from '../../system/colour.js';

/** Returns what a service will be, for a person to agree to: files by directory, components, endpoints, environments. */
export function summary(model: ServiceModel, plan: Plan, place: string, { bold, dim }: Palette): string {
  const written = plan.operations.filter(({ after }) => after !== undefined);
  const routes = model.resources.flatMap((resource) => resource.routes);
  const sections = [
    [`${bold(model.name)} ${dim(model.module)} in ${place}, ${written.length} files`],
    treeLines(written.map(({ path }) => path)),
    listed(
      'components',
      model.components.map(({ name }) => name).filter((name) => name !== 'service'),
    ),
    listed(
      'resources',
      model.resources.map(({ name }) => name),
    ),
    routes.map(({ method, path }, index) => `${label(index === 0 ? 'endpoints' : '')}${method.padEnd(6)} ${path}`),
    listed(
      'environments',
      model.environments.map(({ name }) => name),
    ),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n')}\n`;
}

/** One line for each top-level directory with its count, and one for the files beside them. */
function treeLines(paths: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  const count = (place: string) => counts.set(place, (counts.get(place) ?? 0) + 1);
  const inside = paths.filter((path) => path.includes('/'));
  for (const path of inside) count(`${path.slice(0, path.indexOf('/'))}/`);
  counts.set('at the top', paths.length - inside.length);
  const widest = Math.max(...[...counts.keys()].map(({ length }) => length));
  return [...counts].map(([place, files]) => `  ${place.padEnd(widest)} ${String(files).padStart(4)}`);
}

function listed(title: string, names: readonly string[]): readonly string[] {
  return names.length > 0 ? [label(title) + names.join(', ')] : [];
}

function label(title: string): string {
  return title.padEnd(14);
}
