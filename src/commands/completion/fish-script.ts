import type { Offer } from './run-completion.js';

/** Returns the fish completion script. */
export function fishScript(offers: readonly Offer[]): string {
  const names = offers.map(({ text }) => text).join(' ');
  const lines = offers.flatMap(({ text, help, options, words }) => [
    `complete -c create-service -n '__fish_use_subcommand' -a ${text} -d ${quoted(help)}`,
    ...options.map(
      (option) =>
        `complete -c create-service -n ${quoted(after(text, names))} -l ${option.text.slice(2)} -d ${quoted(option.help)}`,
    ),
    ...words.map((word) => `complete -c create-service -n ${quoted(after(text, names))} -a ${word}`),
  ]);
  return `# fish completion of create-service\n${lines.join('\n')}\n`;
}

/** The command that runs when none is named also completes before one is. */
function after(command: string, names: string): string {
  const named = `__fish_seen_subcommand_from ${command}`;
  return command === 'new' ? `${named}; or not __fish_seen_subcommand_from ${names}` : named;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
