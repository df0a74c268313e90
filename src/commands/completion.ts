import type { Command } from '../command.js';

/** `create-service completion`. */
export const command: Command = {
  name: 'completion',
  summary: 'print a completion script for a shell',
  operands: [{ flags: '<shell>', text: 'the shell', choices: ['bash', 'zsh', 'fish'] }],
  examples: [
    { line: 'source <(create-service completion bash)', text: 'in ~/.bashrc' },
    { line: 'source <(create-service completion zsh)', text: 'in ~/.zshrc, after compinit' },
    { line: 'create-service completion fish | source', text: 'in ~/.config/fish/config.fish' },
  ],
  run: async (input, system) => (await import('./completion/run-completion.js')).runCompletion(input, system),
};
