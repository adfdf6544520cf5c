import { printText } from "../output/print-text.js";
import type { Shell } from "./shells.js";

/** Prints what teaches a shell to ask `bertkit complete` at each press of the Tab key. */
export async function printShellScript(shell: Shell, signal: AbortSignal): Promise<void> {
  await printText(scripts[shell], signal);
}

// No script evaluates what was typed. The last line of an answer is :0 where files may stand too, else :4.
const scripts: Readonly<Record<Shell, string>> = {
  bash: `# bash completion for bertkit
_bertkit() {
  local words=() word line answer= i
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # bash takes --flag=value for three words.
    if ((i > 1)) && [[ $word == "=" || \${COMP_WORDS[i - 1]} == "=" ]]; then
      words[\${#words[@]} - 1]+=$word
    else
      words+=("$word")
    fi
  done
  COMPREPLY=()
  while IFS= read -r line; do
    answer=$line
    [[ $line == :* ]] && break
    line=\${line%%$'\\t'*}
    [[ \${words[\${#words[@]} - 1]} == --*=* ]] && line=\${line#*=}
    COMPREPLY+=("$line")
  done < <(bertkit complete -- "\${words[@]}" 2>/dev/null)
  # Without a word of ours, readline offers files.
  [[ $answer == :0 ]] || compopt +o default 2>/dev/null
}
complete -o default -F _bertkit bertkit
`,
  zsh: `#compdef bertkit
_bertkit() {
  local -a answer described
  local line
  answer=("\${(@f)$(bertkit complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in "\${(@)answer[1,-2]}"; do
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  (( $#described )) && _describe bertkit described
  [[ $answer[-1] == ":0" ]] && _files
}
if [[ $funcstack[1] == _bertkit ]]; then _bertkit "$@"; else compdef _bertkit bertkit; fi
`,
  fish: `# fish completion for bertkit
function __bertkit_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  for line in (bertkit complete -- $words[2..] "$current" 2>/dev/null)
    switch $line
      case ':0'
        __fish_complete_path "$current"
      case ':*'
      case '*'
        echo $line
    end
  end
end
complete -c bertkit -f -a '(__bertkit_complete)'
`,
};
