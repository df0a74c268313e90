import type { Component } from '../../catalog/catalog.js';
import type { Input } from '../../command.js';
import { palette } from '../../system/colour.js';
import type { System } from '../../system/system.js';

/** Prints the components of the catalog. */
export async function runList({ json }: Input, system: System): Promise<number> {
  const { loadCatalog } = await import('../../catalog/load.js');
  const { components } = await loadCatalog();
  if (json) {
    system.terminal.out(`${JSON.stringify({ components: components.map(facts) }, undefined, 2)}\n`);
    return 0;
  }
  const { bold, dim } = await palette(system, 'out');
  const lines = components.flatMap((component) => [
    `${bold(component.name)}  ${component.summary}`,
    dim(`    ${activation(component)}`),
  ]);
  system.terminal.out(`${lines.join('\n')}\n`);
  return 0;
}

function facts(component: Component) {
  const { name, title, summary, activeWhen, requires, conflicts, provides, ports, images } = component;
  return {
    name,
    title,
    summary,
    activeWhen,
    activation: activation(component),
    requires,
    conflicts,
    provides,
    ports,
    images,
  };
}

/** Says in words what makes the component part of a service. */
function activation({ name, activeWhen }: Component): string {
  if (name === 'service') return 'always there';
  if (name.includes('+')) return `there when both are: ${name.split('+').join(' and ')}`;
  return activeWhen === undefined ? `turned on by name, under components: ${name}` : `turned on by ${activeWhen}`;
}
