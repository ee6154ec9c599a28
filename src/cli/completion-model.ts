/** What can stand on a command line of `oftr`, in the form that the completions of all shells are made of. */
import { messageTypeNames } from "../codec/decode.js";
import { loadRpcCatalog } from "../rpc/catalog.js";
import type { OptionSpec, WordSource } from "./arguments.js";
import { COMMANDS } from "./commands.js";

/** What a word is completed to. */
export type Words =
  | { readonly kind: "nothing" }
  | { readonly kind: "files" }
  /** `commas`: several of them, with commas between. */
  | { readonly kind: "some"; readonly words: readonly string[]; readonly commas: boolean }
  /** Lists that are long, and that stand in a script but once. */
  | { readonly kind: "group"; readonly group: GroupName; readonly commas: boolean };

/** The lists that stand in a script once; `helpNames` is asked of `oftr` when it is needed, for it is the longest. */
export type GroupName = "types" | "methods" | "helpNames";

/** An option of a command. */
export interface CompletedOption {
  readonly name: string;
  readonly letter: string | undefined;
  readonly help: string;
  /** Undefined for flags. */
  readonly value:
    | { readonly placeholder: string; readonly optional: boolean; readonly words: Words }
    | undefined;
  /** May be given more than once. */
  readonly repeated: boolean;
}

/** A command. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly CompletedOption[];
  /** By position; the last one holds for all that follow. Empty: there are none. */
  readonly operands: readonly Words[];
}

/** All that scripts are made of. */
export interface CompletionModel {
  readonly commands: readonly CompletedCommand[];
  readonly types: readonly string[];
  readonly methods: readonly string[];
}

/** Arguments of the `oftr` that prints the words of the group `helpNames`. */
export const HELP_NAMES = ["help", "--schema-names"] as const;

/** Gathers the model from the definitions of all commands. Hidden options are left out. */
export async function loadCompletionModel(): Promise<CompletionModel> {
  const commands = await Promise.all(
    COMMANDS.map(async ({ name, summary, load }) => {
      const { spec } = (await load()).run;
      const options = Object.entries(spec.options).filter(([, option]) => option.hidden !== true);
      const operands = spec.completes ?? (spec.operands === "[FILE...]" ? ["files"] : []);
      return {
        name,
        summary,
        options: [...options.map(([long, option]) => completedOption(long, option)), HELP],
        operands: operands.map(wordsOf),
      };
    }),
  );
  const rpc = await loadRpcCatalog();
  const methods = rpc.filter(({ kind }) => kind === "method").map(({ name }) => name);
  return { commands, types: [...messageTypeNames()].sort(), methods };
}

const HELP: CompletedOption = {
  name: "help",
  letter: "h",
  help: "show this text",
  value: undefined,
  repeated: false,
};

function completedOption(name: string, option: OptionSpec): CompletedOption {
  const { letter, help } = option;
  const common = { name, letter, help, repeated: option.kind === "list" };
  if (option.kind === "flag") return { ...common, value: undefined };
  if (option.kind === "choice") {
    const words = wordsOf(option.choices);
    return { ...common, value: { placeholder: "WORD", optional: false, words } };
  }
  const { value: placeholder, completes = placeholder.startsWith("FILE") ? "files" : undefined } = option;
  const words: Words = completes === undefined ? { kind: "nothing" } : wordsOf(completes);
  const optional = "bare" in option && option.bare !== undefined;
  return { ...common, value: { placeholder, optional, words } };
}

function wordsOf(source: WordSource): Words {
  switch (source) {
    case "files":
      return { kind: "files" };
    case "message types":
      return { kind: "group", group: "types", commas: true };
    case "methods":
      return { kind: "group", group: "methods", commas: false };
    case "help names":
      return { kind: "group", group: "helpNames", commas: false };
    default:
      return "list" in source
        ? { kind: "some", words: source.list, commas: true }
        : { kind: "some", words: source, commas: false };
  }
}

/**
 * `decode.-output` and `decode.-o`: the options of commands whose value is the next word, as patterns for `case` of shells. The
 * caller has taken away one of two dashes.
 */
export function valuePatterns(commands: readonly CompletedCommand[]): string[] {
  return commands.flatMap(({ name, options }) =>
    options
      .filter(({ value }) => value?.optional === false)
      .flatMap((option) => optionPatterns(name, option)),
  );
}

/** The patterns of one option. */
export function optionPatterns(command: string, { name, letter }: CompletedOption): string[] {
  return letter === undefined ? [`${command}.-${name}`] : [`${command}.-${letter}`, `${command}.-${name}`];
}
