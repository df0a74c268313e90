import { isScalar, type Pair, parseDocument, visit } from 'yaml';
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
    return { text: withKey(text, rename.split('.'), to), note: `${rename} is called ${to} now` };
  }
  if ('remove' in upgrade) {
    const path = upgrade.remove.split('.');
    const after = document.hasIn(path) ? withoutEntry(text, path) : text;
    return { text: after, note: `${upgrade.remove} is gone` };
  }
  const path = upgrade.set.split('.');
  const note = `${upgrade.set} is ${JSON.stringify(upgrade.value)}`;
  if (!document.hasIn(path)) return { text: withEntry(text, path, upgrade.value), note };
  const node = document.getIn(path, true);
  if (!isScalar(node) || node.value === upgrade.value || !node.range) return { text, note };
  const [start, end] = node.range;
  return { text: `${text.slice(0, start)}${String(upgrade.value)}${text.slice(end)}`, note };
}

/** Writes another name in the place of a key. */
function withKey(text: string, path: readonly string[], to: string): string {
  const document = parseDocument(text);
  const wanted = path.at(-1);
  let found: readonly [number, number] | undefined;
  visit(document, {
    Pair: (_, pair: Pair, ancestors) => {
      const names = [...ancestors, pair].flatMap((each) => keyOf(each));
      if (keyOf(pair)[0] !== wanted || names.join('\0') !== path.join('\0')) return;
      const range = isScalar(pair.key) ? pair.key.range : undefined;
      if (range) found = [range[0], range[1]];
    },
  });
  return found ? `${text.slice(0, found[0])}${to}${text.slice(found[1])}` : text;
}

function keyOf(node: unknown): readonly string[] {
  const key = (node as Partial<Pair> | undefined)?.key;
  return isScalar(key) ? [String(key.value)] : [];
}
