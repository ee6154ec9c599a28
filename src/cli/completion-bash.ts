/** Completion for bash, 3.2 and later. */
import {
  type CompletedCommand,
  type CompletedOption,
  type CompletionModel,
  type GroupName,
  HELP_NAMES,
  optionPatterns,
  valuePatterns,
  type Words,
} from "./completion-model.js";

/** Options without a value that stand for a command. */
const PROGRAM_WORDS = ["version", "--help", "--version"];

const GROUPS: Readonly<Record<GroupName, string>> = {
  types: "$_oftr_types",
  methods: "$_oftr_methods",
  helpNames: `$_oftr_methods $("\${COMP_WORDS[0]}" ${HELP_NAMES.join(" ")} 2>/dev/null)`,
};

/** The script; `source <(oftr completion bash)` makes it work. */
export function bashCompletion({ commands, types, methods }: CompletionModel): string {
  const first = [...commands.map(({ name }) => name), ...PROGRAM_WORDS];
  return `# Completion of oftr for bash: source <(oftr completion bash)

_oftr_types="${types.join(" ")}"
_oftr_methods="${methods.join(" ")}"

# Offers those of the words that begin with what is typed.
_oftr_words() {
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
  [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
}

# The same for a list with commas between its elements.
_oftr_list() {
  local before=
  [[ $cur == *,* ]] && before=\${cur%,*},
  COMPREPLY=($(compgen -P "$before" -W "$1" -- "\${cur##*,}"))
  compopt -o nospace 2>/dev/null
}

_oftr_files() {
  compopt -o default 2>/dev/null
}

# Whether the word $2 of the command $1 takes the next word as its value.
_oftr_takes_value() {
  case $1.\${2/#--/-} in
${caseRow(valuePatterns(commands))} return 0 ;;
  esac
  return 1
}

_oftr() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} place=0 i
  COMPREPLY=()
  compopt +o default 2>/dev/null
  if ((COMP_CWORD == 1)); then
    _oftr_words "${first.join(" ")}"
    return
  fi
  # --option=value comes as three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [[ $cur != -* ]]; then
    case $command.\${prev/#--/-} in
${commands.flatMap(valueRows).join("\n")}
    esac
    for ((i = 2; i < COMP_CWORD; i++)); do
      case \${COMP_WORDS[i]} in
        =) ((i++)) ;;
        -*) [[ \${COMP_WORDS[i+1]} != = ]] && _oftr_takes_value "$command" "\${COMP_WORDS[i]}" && ((i++)) ;;
        *) ((place++)) ;;
      esac
    done
    case $command.$place in
${commands.flatMap(operandRows).join("\n")}
    esac
  else
    case $command in
${commands.map(({ name, options }) => `      ${name}) _oftr_words "${options.flatMap(spellings).join(" ")}" ;;`).join("\n")}
    esac
  fi
}

complete -o default -F _oftr oftr
`;
}

function caseRow(all: readonly string[]): string {
  return `    ${all.join(" | ")})`;
}

function valueRows({ name, options }: CompletedCommand): string[] {
  return options.flatMap((option) =>
    option.value === undefined
      ? []
      : `  ${caseRow(optionPatterns(name, option))} ${offer(option.value.words)}return ;;`,
  );
}

function operandRows({ name, operands }: CompletedCommand): string[] {
  return operands.map((words, i) => {
    const place = i === operands.length - 1 ? "*" : i;
    return `      ${name}.${place}) ${offer(words)};;`;
  });
}

function spellings({ name, letter }: CompletedOption): string[] {
  return letter === undefined ? [`--${name}`] : [`-${letter}`, `--${name}`];
}

/** A command of the script that offers the words, with a semicolon and a blank where there is one. */
function offer(words: Words): string {
  switch (words.kind) {
    case "nothing":
      return "";
    case "files":
      return "_oftr_files; ";
    case "some":
      return `${words.commas ? "_oftr_list" : "_oftr_words"} "${words.words.join(" ")}"; `;
    case "group":
      return `${words.commas ? "_oftr_list" : "_oftr_words"} "${GROUPS[words.group]}"; `;
  }
}
