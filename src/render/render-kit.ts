import type { Component, Fragment, RenderKit } from '../catalog/catalog.js';
import { blocks, helpers } from './helpers/helpers.js';
import { indent } from './helpers/indent.js';

/** Returns what templates call while they render: the helpers, and the slots that these components fill, in their order. */
export function renderKit(components: readonly Component[]): RenderKit {
  const fragments = new Map<string, Fragment[]>();
  for (const fragment of components.flatMap((component) => component.fragments)) {
    fragments.set(fragment.slot, [...(fragments.get(fragment.slot) ?? []), fragment]);
  }
  const kit: RenderKit = {
    helpers,
    blocks,
    print,
    truthy: (value) => (Array.isArray(value) ? value.length > 0 : Boolean(value)),
    slot: (name, context, prefix) => indent(prefix, slotText(fragments.get(name) ?? [], context, kit)),
  };
  return kit;
}

function slotText(fragments: readonly Fragment[], context: unknown, kit: RenderKit): string {
  return fragments
    .map(({ template }) => template(context, kit))
    .filter((text) => text.trim() !== '')
    .join('');
}

function print(value: unknown, place: string): string {
  if (value === undefined || value === null) throw new Error(`nothing to print at ${place}`);
  return String(value);
}
