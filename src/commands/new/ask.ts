import type { Known } from '../../manifest/known.js';
import { moduleProblem } from '../../manifest/module-problem.js';
import { nameProblem } from '../../manifest/name-problem.js';
import { ownerProblem } from '../../manifest/owner-problem.js';
import { characterProblem } from '../../manifest/text-problems.js';
import type { Prompts } from '../../system/prompt.js';
import type { Answers, PartialAnswers } from './answers.js';
import type { Presets } from './presets.js';
import { resourceProblem } from './resource-problem.js';

type Check = (answer: string) => string | undefined;

/** Asks for everything that was not given. Each answer is checked while it is typed. */
export async function ask(given: PartialAnswers, presets: Presets, known: Known, prompts: Prompts): Promise<Answers> {
  const line = (message: string, problem: Check, preset: string) =>
    prompts.line({ message, problem, preset: problem(preset) === undefined ? preset : '' });

  const name = given.name ?? (await line('Name of the service', nameProblem, presets.name));
  const module = given.module ?? (await line('Go module path', moduleProblem, presets.module(name)));
  const owner = given.owner ?? (await line('Team that owns it', ownerProblem, presets.owner));
  const description = given.description ?? (await line('What it does (optional)', characterProblem, ''));
  const api = given.api ?? (await askApis(known, prompts));
  const resources = given.resources ?? (await askResources(known, prompts));
  return { ...given, name, module, owner, description, api, resources, environments: given.environments ?? [] };
}

function askApis({ features }: Known, prompts: Prompts): Promise<readonly string[]> {
  const texts = { rest: 'REST over HTTP', grpc: 'gRPC' };
  return prompts.choose({
    message: 'APIs to serve (none: a worker)',
    choices: Object.entries(texts)
      .filter(([value]) => features.has(value))
      .map(([value, text]) => ({ value, text, checked: value === 'rest' })),
  });
}

/** Asks for resources until an empty line. */
async function askResources(known: Known, prompts: Prompts): Promise<readonly string[]> {
  const resources: string[] = [];
  for (;;) {
    const example = 'Resource, such as: order total:decimal(12,2)! note:text (empty: none)';
    const message = resources.length === 0 ? example : 'Next resource (empty: no more)';
    const answer = await prompts.line({ message, problem: (text) => resourceProblem(text, resources, known) });
    if (answer.trim() === '') return resources;
    resources.push(answer);
  }
}
