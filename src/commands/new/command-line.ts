import type { Answers } from './answers.js';

/** Returns the command line that gives the same service without a question, quoted for a POSIX shell. */
export function commandLine(directory: string, answers: Answers, flags: readonly string[]): string {
  const { name, module, owner, description, registry, tier, api, resources, environments } = answers;
  const words = ['npx', 'create-service', 'new', directory];
  const add = (flag: string, value: string | undefined) => value && words.push(flag, value);
  add('--name', name);
  add('--module', module);
  add('--owner', owner);
  add('--description', description);
  add('--registry', registry);
  add('--tier', tier);
  add('--api', api.join(','));
  for (const resource of resources) add('--resource', resource);
  add('--environment', environments.join(','));
  return [...words, ...flags, '--yes'].map(shellWord).join(' ');
}

/** Returns a word as a POSIX shell reads it back. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
