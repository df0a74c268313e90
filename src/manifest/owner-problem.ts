import { characterProblem } from './text-problems.js';

/** Returns what keeps a text from naming the owner of a service, if anything. */
export function ownerProblem(text: string): string | undefined {
  if (text.trim() === '') return 'the name of a team is needed';
  if (/[\n\t]/.test(text)) return 'one line is allowed';
  if ([...text].length > 200) return `${[...text].length} characters; at most 200 are allowed`;
  const character = characterProblem(text);
  return character && `the text holds ${character}`;
}
