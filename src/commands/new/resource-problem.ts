import { UserError } from '../../errors.js';
import type { Known } from '../../manifest/known.js';
import { manifest } from '../../manifest/manifest.js';
import { manifestOf } from './manifest-of.js';

/**
 * Returns the first thing that is wrong with a resource, if anything. It is judged as part of a manifest that has
 * nothing but it and the resources before it.
 */
export function resourceProblem(text: string, earlier: readonly string[], known: Known): string | undefined {
  if (text.trim() === '') return undefined;
  const rest = { name: 'a', module: 'example.com/a', owner: 'a', api: [], environments: [] };
  try {
    manifest(manifestOf({ ...rest, resources: [...earlier, text] }), '', known);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [first] = error.diagnostics;
    return first ? [first.message, first.hint].filter(Boolean).join('; ') : error.message;
  }
}
