import { loadCatalog } from '../../catalog/load.js';
import { knownTo } from '../../manifest/known.js';
import type { System } from '../../system/system.js';
import type { Answers, PartialAnswers } from './answers.js';
import { ask } from './ask.js';
import { presets } from './presets.js';

/** Gathers what can be offered, and asks. `directory` is absolute; undefined when it follows from the name. */
export async function askPerson(
  given: PartialAnswers,
  directory: string | undefined,
  system: System,
): Promise<Answers> {
  const [catalog, prompts, offered] = await Promise.all([loadCatalog(), system.prompts(), presets(directory, system)]);
  return ask(given, offered, knownTo(catalog), prompts);
}
