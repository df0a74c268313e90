import { resolve } from 'node:path';
import type { Expected } from '../../apply/lock-of.js';
import { refuseConflicts } from '../../apply/refuse-conflicts.js';
import { loadCatalog } from '../../catalog/load.js';
import type { Input } from '../../command.js';
import { UserError } from '../../errors.js';
import { type Lock, lockPath } from '../../lock/lock.js';
import { parseLock } from '../../lock/parse-lock.js';
import { merge } from '../../merge/merge.js';
import type { BaseEntry } from '../../plan/operation.js';
import { plan } from '../../plan/plan.js';
import { type PlatformSettings, renderPlatform } from '../../render/render-platform.js';
import type { System } from '../../system/system.js';
import { finish } from '../../update/finish.js';
import { followMoves } from '../../update/follow-moves.js';
import { bodyOf } from '../../update/last-render.js';
import { withLostBases } from '../../update/lost-bases.js';
import { fileAt, recoverAloud, refuseNewerLock, storedBases } from '../../update/open-service.js';
import { conflictsOf, type Intent, refuseOpenConflicts } from '../../update/plan-update.js';
import { version } from '../../version.js';

/** Writes a bundle, or brings one to the templates of this version; the same street as a service's. */
export async function runPlatform(input: Input, system: System): Promise<number> {
  const directory = resolve(system.cwd, input.operands[0] ?? '.');
  recoverAloud(directory, system);
  return finish(await planBundle(directory, input, system), input, system);
}

async function planBundle(directory: string, { options }: Input, system: System): Promise<Intent> {
  const found = lockIn(directory, system);
  const { lock } = found;
  refuseOpenConflicts({ lock, directory }, system);
  const settings = { logstash: typeof options.logstash === 'boolean' ? options.logstash : settingsOf(lock).logstash };
  const tree = renderPlatform(settings, await loadCatalog());
  const bases = storedBases(directory, system);
  const base = lock.files.map((file): BaseEntry => ({ ...file, ...bodyOf(file, bases) }));
  const paths = new Set([...base, ...tree.entries].map(({ path }) => path));
  const followed = followMoves(base, paths, directory, system);
  const entries = await withLostBases(followed.base, followed.disk, directory, system);
  const compared = plan({ entries }, followed.disk, tree);
  // Over what is no bundle yet nothing is written; `new` does the same.
  if (found.madeFrom.length === 0) refuseConflicts(compared);
  const planned = merge(compared);
  const manifest = settingsText(settings);
  return {
    service: { directory, lock, manifest, bases, madeFrom: found.madeFrom },
    plan: planned,
    facts: {
      tool: version,
      manifest,
      numbers: [],
      conflicts: conflictsOf(planned),
      undoable: true,
      madeFrom: found.madeFrom,
    },
    drift: [],
    notes: [],
  };
}

/** The lock of a bundle, and as it was read; an empty one where nothing was written yet. */
function lockIn(directory: string, system: System): { readonly lock: Lock; readonly madeFrom: readonly Expected[] } {
  const found = fileAt(lockPath, directory, system);
  if (found === undefined) return { lock: { tool: version, manifest: '', numbers: [], files: [] }, madeFrom: [] };
  const lock = parseLock(found.text);
  if (!lock.manifest.startsWith(heading)) {
    throw new UserError(`${directory} is a service, and no bundle of a platform`, {
      exitCode: 3,
      hint: 'name a directory of its own',
    });
  }
  refuseNewerLock(lock);
  return { lock, madeFrom: [{ path: lockPath, sha256: found.sha256 }] };
}

/** What the lock keeps where a service has its manifest. */
const heading = 'platform: create-service/v1\n';

function settingsText({ logstash }: PlatformSettings): string {
  return `${heading}logstash: ${logstash}\n`;
}

function settingsOf({ manifest }: Lock): PlatformSettings {
  return { logstash: manifest.includes('\nlogstash: true\n') };
}
