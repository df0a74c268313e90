import type { Offer } from './run-completion.js';

/** Returns the bash completion script. Options after a command, commands and directories before one. */
export function bashScript(offers: readonly Offer[]): string {
  const names = offers.map(({ text }) => text).join(' ');
  const cases = offers.map(({ text, options, words }) => {
    const flags = options.map((option) => option.text).join(' ');
    return `    ${text}) options='${flags}' words='${words.join(' ')}' ;;`;
  });
  return `# bash completion of create-service
_create_service() {
  local current=\${COMP_WORDS[COMP_CWORD]} command=new word options words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${names} " in *" $word "*) command=$word; break ;; esac
  done
  case $command in
${cases.join('\n')}
  esac
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$current")
  elif ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W '${names} help' -- "$current"; compgen -d -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current"; compgen -f -- "$current")
  fi
}
complete -F _create_service create-service
`;
}
