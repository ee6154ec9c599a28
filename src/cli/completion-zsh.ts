/** Completion for zsh. */
import {
  type CompletedCommand,
  type CompletedOption,
  type CompletionModel,
  type GroupName,
  HELP_NAMES,
  type Words,
} from "./completion-model.js";

const GROUPS: Readonly<Record<GroupName, string>> = {
  types: "_oftr_types",
  methods: "_oftr_methods",
  helpNames: "_oftr_help_names",
};

/** The script: the file `_oftr` of a folder of $fpath, or `source <(oftr completion zsh)`. */
export function zshCompletion({ commands, types, methods }: CompletionModel): string {
  return `#compdef oftr
# Completion of oftr for zsh: source <(oftr completion zsh), or a file _oftr in a folder of $fpath

_oftr_types() {
  _sequence compadd - ${types.join(" ")}
}

_oftr_methods() {
  compadd - ${methods.join(" ")}
}

_oftr_help_names() {
  _oftr_methods
  compadd - \${(f)"$(_call_program names $service ${HELP_NAMES.join(" ")} 2>/dev/null)"}
}

_oftr() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C \\
    '(- *)'{-h,--help}'[show how oftr is used]' \\
    '(- *)'{-v,--version}'[show the version]' \\
    '1:command:->command' \\
    '*::arguments:->arguments'
  case $state in
    command)
      local -a commands=(
${commands.map(({ name, summary }) => `        ${quote(`${name}:${summary}`)}`).join("\n")}
        'version:the version'
      )
      _describe command commands
      ;;
    arguments)
      case $words[1] in
${commands.map(commandRows).join("\n")}
      esac
      ;;
  esac
}

# A file of $fpath is the body of the function at its first call.
if [[ $funcstack[1] == _oftr ]]; then
  _oftr "$@"
else
  compdef _oftr oftr
fi
`;
}

function commandRows({ name, options, operands }: CompletedCommand): string {
  const specs = [
    ...options.map(optionSpec),
    ...operands.map((words, i) => {
      const place = i === operands.length - 1 ? "*" : i + 1;
      return quote(`${place}:${operandName(words)}:${action(words)}`);
    }),
  ];
  return `        ${name})\n          _arguments -s ${specs.map((spec) => `\\\n            ${spec}`).join(" ")}\n          ;;`;
}

/** An argument of _arguments; that of an option with a letter becomes two by the braces. */
function optionSpec({ name, letter, help, value, repeated }: CompletedOption): string {
  const many = repeated ? "*" : "";
  const about = quote(`[${help.replace(/[[\]:\\]/g, "\\$&")}]${value === undefined ? "" : valueSpec(value)}`);
  const long = value === undefined ? `--${name}` : `--${name}=`;
  if (letter === undefined) return repeated ? `'*'${long}${about}` : `${long}${about}`;
  const both = `{-${letter},${long}}`;
  return `${quote(repeated ? many : `(-${letter} --${name})`)}${both}${about}`;
}

function valueSpec({ placeholder, optional, words }: NonNullable<CompletedOption["value"]>): string {
  const message = placeholder.replaceAll(":", "\\:");
  return `${optional ? "::" : ":"}${message}:${action(words)}`;
}

function operandName(words: Words): string {
  return words.kind === "files" ? "file" : "word";
}

function action(words: Words): string {
  switch (words.kind) {
    case "nothing":
      return " ";
    case "files":
      return "_files";
    case "some":
      return words.commas ? `_sequence compadd - ${words.words.join(" ")}` : `(${words.words.join(" ")})`;
    case "group":
      return GROUPS[words.group];
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
