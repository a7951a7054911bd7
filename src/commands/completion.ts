import { advice } from '../core/model/hint.ts';
import { ProblemError } from '../core/model/problem.ts';
import type { Io } from '../io.ts';

// The shells only hand over the words typed so far; what fits is said by `nlbmc __complete`, so a
// script that was installed once never grows stale.
const scripts: Readonly<Record<string, string>> = {
  bash: `_nlbmc() {
  local IFS=$'\\n'
  COMPREPLY=($(nlbmc __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o nosort -o default -F _nlbmc nlbmc
`,
  zsh: `#compdef nlbmc
_nlbmc() {
  local -a found
  found=("\${(@f)$(nlbmc __complete -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  compadd -V nlbmc -- \${found:#}
}
compdef _nlbmc nlbmc
`,
  fish: `function __nlbmc
  set -l words (commandline -opc) (commandline -ct)
  nlbmc __complete -- $words[2..-1] 2>/dev/null
end
complete -c nlbmc -f -a '(__nlbmc)'
`,
};

/** Prints the completion script of a shell. Raises `usage` for a shell it does not know. */
export function printCompletion(shell: string, io: Io): 0 {
  const script = scripts[shell];
  if (script === undefined) {
    throw new ProblemError({
      code: 'usage',
      message: `There is no completion for the shell '${shell}'.`,
      hints: [advice(`There is one for: ${Object.keys(scripts).join(', ')}.`)],
    });
  }
  io.stdout.write(script);
  return 0;
}
