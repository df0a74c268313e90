import { loadCatalog } from '../catalog/load.js';
import type { Input } from '../command.js';
import { editManifest } from '../manifest/edit/edit-manifest.js';
import { knownTo } from '../manifest/known.js';
import type { System } from '../system/system.js';
import { dueVersions, upgradedManifest } from './due-versions.js';
import { finish } from './finish.js';
import { openService } from './open-service.js';
import { planUpdate } from './plan-update.js';

/** Edits the manifest as `add` and `remove` say, and walks on as an update does. Returns the exit code. */
export async function editService(how: 'add' | 'remove', input: Input, system: System): Promise<number> {
  const service = openService(system);
  const catalog = await loadCatalog();
  const [what = '', ...words] = input.operands.map((word) => word ?? '');
  const typed = { words: words.filter((word) => word !== ''), options: input.options };
  const { text: current, notes } = upgradedManifest(service.manifest, dueVersions(catalog, service));
  const text = editManifest(current, how, what, typed, knownTo(catalog));
  const update = await planUpdate(service, text, catalog, system);
  return finish({ ...update, notes: [...notes, ...update.notes] }, input, system);
}
