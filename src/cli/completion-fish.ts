/** Completion for fish, 3.0 and later. */
import {
  type CompletedCommand,
  type CompletedOption,
  type CompletionModel,
  type GroupName,
  HELP_NAMES,
  valuePatterns,
  type Words,
} from "./completion-model.js";

const GROUPS: Readonly<Record<GroupName, string>> = {
  types: "__oftr_types",
  methods: "__oftr_methods",
  helpNames: "__oftr_help_names",
};

/** The script; `oftr completion fish | source` makes it work. */
export function fishCompletion({ commands, types, methods }: CompletionModel): string {
  return `# Completion of oftr for fish: oftr completion fish | source

function __oftr_types
    string split ' ' '${types.join(" ")}'
end

function __oftr_methods
    string split ' ' '${methods.join(" ")}'
end

function __oftr_help_names
    __oftr_methods
    set -l program (commandline -opc)[1]
    $program ${HELP_NAMES.join(" ")} 2>/dev/null
end

# Each word as the next element of a list with commas that has been begun.
function __oftr_list
    set -l begun (string replace -r '[^,=]*$' '' -- (commandline -t) | string replace -r '^-.*=' '')
    for word in $argv
        echo $begun$word
    end
end

# Whether the word at place $argv[2] of the command $argv[1] comes next; without a place, whether it is that command.
function __oftr_at
    set -l words (commandline -opc)
    test "$words[2]" = $argv[1]; or return 1
    set -q argv[2]; or return 0
    set -e words[1..2]
    set -l place 0
    set -l skip no
    for word in $words
        switch $skip$argv[1].(string replace -r '^--' - -- $word)
            case 'yes*'
                set skip no
            case ${valuePatterns(commands)
              .map((pattern) => `no${pattern}`)
              .join(" ")}
                set skip yes
            case '*.-*'
            case '*'
                set place (math $place + 1)
        end
    end
    test $place -eq $argv[2]
end

complete -c oftr -f
complete -c oftr -n 'test (count (commandline -opc)) -eq 1' -s h -l help -d 'show how oftr is used'
complete -c oftr -n 'test (count (commandline -opc)) -eq 1' -s v -l version -d 'show the version'
${commands.map(({ name, summary }) => `complete -c oftr -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`).join("\n")}
complete -c oftr -n __fish_use_subcommand -a version -d 'the version'
${commands.flatMap(commandRows).join("\n")}
`;
}

function commandRows(command: CompletedCommand): string[] {
  const { name, options, operands } = command;
  return [
    ...options.map((option) => optionRow(name, option)),
    ...operands.map((words, i) => {
      const place = operands.length === 1 ? "" : ` ${i}`;
      return `complete -c oftr -n ${quote(`__oftr_at ${name}${place}`)} ${action(words)}`;
    }),
  ];
}

function optionRow(command: string, { name, letter, help, value }: CompletedOption): string {
  const short = letter === undefined ? "" : ` -s ${letter}`;
  const argument = value === undefined ? "" : ` ${value.optional ? "" : "-r "}${action(value.words)}`;
  return `complete -c oftr -n '__oftr_at ${command}'${short} -l ${name}${argument} -d ${quote(help)}`;
}

function action(words: Words): string {
  switch (words.kind) {
    case "nothing":
      return "-f";
    case "files":
      return "-F";
    case "some":
      return `-f -a ${quote(words.commas ? `(__oftr_list ${words.words.join(" ")})` : words.words.join(" "))}`;
    case "group": {
      const call = GROUPS[words.group];
      return `-f -a ${quote(words.commas ? `(__oftr_list (${call}))` : `(${call})`)}`;
    }
  }
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, "\\$&")}'`;
}
