import type { Offer, Word } from './run-completion.js';

/** Returns the zsh completion script. It works when sourced and as a file \`_create-service\` on \`fpath\`. */
export function zshScript(offers: readonly Offer[]): string {
  const cases = offers.map(({ text, options, words }) => {
    const flags = options.map(described).join(' ');
    const operands = words.length > 0 ? `compadd -- ${words.join(' ')}` : '_files';
    return `    ${text}) if [[ $PREFIX == -* ]]; then local -a flags=(${flags}); _describe option flags; else ${operands}; fi ;;`;
  });
  return `#compdef create-service
_create_service() {
  local -a commands=(${offers.map(described).join(' ')})
  local command=new word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if (( \${commands[(I)$word:*]} )); then command=$word; break; fi
  done
  if (( CURRENT == 2 )) && [[ $PREFIX != -* ]]; then
    _describe command commands
    _directories
    return
  fi
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _create-service ]]; then _create_service "$@"; else compdef _create_service create-service; fi
`;
}

function described({ text, help }: Word): string {
  return `'${text}:${help.replaceAll("'", "'\\''").replaceAll(':', '\\:')}'`;
}
