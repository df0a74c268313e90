import type { Catalog, Component } from '../catalog/catalog.js';
import { UserError } from '../errors.js';

/**
 * Returns the components that are active, in the catalog's order: the service itself, those whose `activeWhen` is true
 * of the model, those named under `components:`, and the glue of active ones. Throws a {@link UserError} when an
 * active one requires one that is not, or conflicts with one that is.
 */
export function activeComponents(
  { components }: Catalog,
  model: object,
  named: readonly string[],
): readonly Component[] {
  const alone = components.filter((component) => !component.name.includes('+'));
  const own = alone.filter(
    ({ name, activeWhen }) =>
      name === 'service' || named.includes(name) || (activeWhen !== undefined && isTrue(model, activeWhen)),
  );
  const names = new Set(own.map(({ name }) => name));
  const glue = components.filter(({ name }) => name.includes('+') && name.split('+').every((part) => names.has(part)));
  for (const component of own) checkCompany(component, names);
  return [...own, ...glue];
}

function isTrue(model: object, path: string): boolean {
  let value: unknown = model;
  for (const key of path.split('.')) {
    value =
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([name]) => name === key)?.[1]
        : undefined;
  }
  return Boolean(value);
}

function checkCompany({ name, requires, conflicts }: Component, active: ReadonlySet<string>): void {
  const missing = requires.find((other) => !active.has(other));
  if (missing !== undefined) throw new UserError(`component ${name} needs component ${missing}, which is not active`);
  const unwanted = conflicts.find((other) => active.has(other));
  if (unwanted !== undefined) throw new UserError(`components ${name} and ${unwanted} cannot be together`);
}
