import { type Document, isMap, isScalar, parseDocument } from 'yaml';
import type { ManifestUpgrade } from '../../catalog/catalog.js';
import { withEntry, withoutEntry } from './edit-text.js';

/** A manifest of an earlier version, as this one understands it. */
export interface UpgradedManifest {
  readonly text: string;
  /** What was changed, a line each. */
  readonly notes: readonly string[];
}

/**
 * Brings a manifest to a later version: comments, order and layout of everything else stay. A change of what the manifest does
 * not have is left out, so that doing it twice is doing it once.
 */
export function upgradeManifest(text: string, upgrades: readonly ManifestUpgrade[]): UpgradedManifest {
  return upgrades.reduce<UpgradedManifest>(
    (before, upgrade) => {
      const { text: after, note } = upgraded(before.text, upgrade);
      return after === before.text ? before : { text: after, notes: [...before.notes, note] };
    },
    { text, notes: [] },
  );
}

function upgraded(text: string, upgrade: ManifestUpgrade): { readonly text: string; readonly note: string } {
  const document = parseDocument(text);
  if ('rename' in upgrade) {
    const { rename, to } = upgrade;
    return { text: replaced(text, keyAt(document, rename.split('.')), to), note: `${rename} is called ${to} now` };
  }
  if ('remove' in upgrade) {
    const path = upgrade.remove.split('.');
    const after = document.hasIn(path) ? withoutEntry(text, path) : text;
    return { text: after, note: `${upgrade.remove} is gone` };
  }
  const path = upgrade.set.split('.');
  const note = `${upgrade.set} is ${JSON.stringify(upgrade.value)}`;
  if (!document.hasIn(path)) return { text: withEntry(text, path, upgrade.value), note };
  const isSo = document.getIn(path) === upgrade.value;
  return { text: isSo ? text : replaced(text, document.getIn(path, true), String(upgrade.value)), note };
}

function keyAt(document: Document, path: readonly string[]): unknown {
  const map = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
  const pairs = isMap(map) ? map.items : [];
  return pairs.find(({ key }) => isScalar(key) && key.value === path.at(-1))?.key;
}

/** Writes something else in the place of a scalar. */
function replaced(text: string, node: unknown, by: string): string {
  if (!isScalar(node) || !node.range) return text;
  const [start, end] = node.range;
  return text.slice(0, start) + by + text.slice(end);
}
