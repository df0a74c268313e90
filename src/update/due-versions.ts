import type { Catalog, TemplateVersion } from '../catalog/catalog.js';
import { type UpgradedManifest, upgradeManifest } from '../manifest/edit/upgrade-manifest.js';
import { compareVersions } from '../text/compare-versions.js';
import type { Service } from './open-service.js';

/** Returns the versions of the templates that came since the service was rendered, the earliest first. */
export function dueVersions({ versions }: Catalog, { lock }: Service): readonly TemplateVersion[] {
  return versions.filter((each) => compareVersions(each.version, lock.tool) > 0);
}

/** Brings a manifest over the versions. */
export function upgradedManifest(text: string, due: readonly TemplateVersion[]): UpgradedManifest {
  return upgradeManifest(
    text,
    due.flatMap(({ manifest }) => manifest),
  );
}

/** Returns where the versions put rendered files, new path by old path. */
export function declaredRenames(due: readonly TemplateVersion[]): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const { renames } of due) {
    for (const [from, to] of all) all.set(from, renames[to] ?? to);
    for (const [from, to] of Object.entries(renames)) if (!all.has(from)) all.set(from, to);
  }
  return all;
}
