import type { Receipt } from '../../apply/receipt.js';
import type { ServiceModel } from '../../resolve/model.js';
import type { Palette } from '../../system/colour.js';
import { shellWord } from './command-line.js';
import type { GitOutcome } from './first-commit.js';

/**
 * Returns the last words: what was written, and what to type next.
 *
 * @param place the service's directory, as a person in the working directory would write it
 */
export function nextSteps(
  model: ServiceModel,
  receipt: Receipt,
  place: string,
  git: GitOutcome,
  palette: Palette,
): string {
  const { bold, green } = palette;
  const commands = [...(place === '.' ? [] : [`cd ${shellWord(place)}`]), 'make dev', 'make test'];
  const lines = [
    `${green('Wrote')} ${bold(model.name)}: ${receipt.created.length + receipt.updated.length} files in ${place}`,
    ...(git.detail === '' ? [] : [git.detail]),
    '',
    'Next:',
    ...commands.map((command) => `  ${command}`),
  ];
  return `${lines.join('\n')}\n`;
}
