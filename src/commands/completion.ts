import type { Io } from '../io.ts';
import { usageError } from './usage-error.ts';

/** Options that take a file or a folder: bash offers files wherever nothing else fits. */
const fileOptions = ['--from', '--kubeconfig', '--ca', '--dir'];

// The shells only hand over the words typed so far; what fits is said by `nlbmc __complete`, so a
// script that was installed once never grows stale.
const scripts: Readonly<Record<string, string>> = {
  // readline splits words at colons, which ARNs have, and replaces what follows the last one alone.
  bash: `_nlbmc() {
  local line="\${COMP_LINE:0:COMP_POINT}" cur
  local -a words
  IFS=' ' read -r -a words <<< "$line"
  [[ $line == *' ' ]] && words+=('')
  cur="\${words[\${#words[@]}-1]}"
  local IFS=$'\\n'
  COMPREPLY=($(nlbmc __complete -- "\${words[@]:1}" 2>/dev/null))
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    COMPREPLY=("\${COMPREPLY[@]#"\${cur%"\${cur##*:}"}"}")
  fi
}
complete -o nosort -o default -F _nlbmc nlbmc
`,
  zsh: `#compdef nlbmc
_nlbmc() {
  local -a found
  case "\${words[CURRENT-1]}" in
    ${fileOptions.join('|')}) _files; return;;
  esac
  found=("\${(@f)$(nlbmc __complete -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  compadd -V nlbmc -- \${found:#}
}
compdef _nlbmc nlbmc
`,
  fish: `function __nlbmc
  set -l words (commandline -opc) (commandline -ct)
  if contains -- $words[-2] ${fileOptions.join(' ')}
    __fish_complete_path (commandline -ct)
    return
  end
  nlbmc __complete -- $words[2..-1] 2>/dev/null
end
complete -c nlbmc -f -a '(__nlbmc)'
`,
};

/** Prints the completion script of a shell. Raises `usage` for a shell it does not know. */
export function printCompletion(shell: string, io: Io): 0 {
  const script = scripts[shell];
  if (script === undefined) {
    throw usageError(
      `There is no completion script for the shell '${shell}'.`,
      `There is one for: ${Object.keys(scripts).join(', ')}.`,
    );
  }
  io.stdout.write(script);
  return 0;
}
