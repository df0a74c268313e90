import type { Offer } from './run-completion.js';

/** Returns the bash completion script. Options after a command, commands and directories before one. */
export function bashScript(offers: readonly Offer[]): string {
  const names = offers.map(({ text }) => text).join(' ');
  const cases = offers.map(({ text, options, words }) => {
    const flags = options.map((option) => option.text);
    return `    ${text}) options=${lines(flags)} words=${lines(words)} ;;`;
  });
  return `# bash completion of create-service
_create_service() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=new word options words IFS=$'\\n'
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${names} " in *" $word "*) command=$word; break ;; esac
  done
  case $command in
${cases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  elif ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${lines([...offers.map(({ text }) => text), 'help'])} -- "$current"; compgen -d -- "$current"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$current"; compgen -f -- "$current"))
  fi
}
complete -F _create_service create-service
`;
}

/** Words as a bash string with one on each line, so that names with spaces stay whole where IFS is a line feed. */
function lines(words: readonly string[]): string {
  return `$'${words.join('\\n')}'`;
}
