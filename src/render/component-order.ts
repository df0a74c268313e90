import type { Component } from '../catalog/catalog.js';

/**
 * Returns the components with each one after those that it requires, ties by name, `service` first: the order in
 * which fragments stand in a slot. A requirement that is not among them is not waited for.
 */
export function componentOrder(components: readonly Component[]): readonly Component[] {
  const byName = new Map(components.map((component) => [component.name, component]));
  const ordered = new Set<Component>();
  const visit = (component: Component, path: readonly string[]): void => {
    if (ordered.has(component)) return;
    if (path.includes(component.name))
      throw new Error(`components require each other: ${[...path, component.name].join(' → ')}`);
    for (const required of [...component.requires].sort()) {
      const found = byName.get(required);
      if (found) visit(found, [...path, component.name]);
    }
    ordered.add(component);
  };
  for (const component of [...components].sort(serviceFirst)) visit(component, []);
  return [...ordered];
}

function serviceFirst(a: Component, b: Component): number {
  return Number(b.name === 'service') - Number(a.name === 'service') || (a.name < b.name ? -1 : 1);
}
