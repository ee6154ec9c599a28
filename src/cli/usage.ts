/** The texts of `--help`. Loaded only when one is asked for, for commander takes longer to load than most commands to run. */
import { Command, Help, Option } from "commander";
import type { OptionSpec, OptionTable } from "./arguments.js";
import type { CommandSpec } from "./command.js";
import { helpWidth } from "./help-text.js";

/** Columns of a line where there is no terminal that says how many it has. */
const USUAL_COLUMNS = 80;

/** The text of `oftr --help`. @param commands  name and summary of each command, in order */
export function formatProgramUsage(commands: readonly { name: string; summary: string }[]): string {
  const program = shaped("oftr")
    .description(
      "OpenFlow gateway: translates OpenFlow 1.0-1.5 to JSON and YAML, and serves controllers over JSON-RPC.",
    )
    .usage("COMMAND [options] [operands]")
    .option("-v, --version", "show the version")
    .helpCommand(false);
  for (const { name, summary } of commands) program.command(name).summary(summary);
  return `${program.helpInformation()}\nEach command has its own help: oftr COMMAND --help\n`;
}

/** The text of `oftr COMMAND --help`; hidden options are left out. */
export function formatCommandUsage(spec: CommandSpec<OptionTable>): string {
  const command = shaped(`oftr ${spec.name}`)
    .description(spec.description)
    .usage(spec.operands === undefined ? "[options]" : `[options] ${spec.operands}`);
  for (const { title, options } of optionGroups(spec)) {
    for (const [name, option] of options) {
      const flags = option.letter === undefined ? `--${name}` : `-${option.letter}, --${name}`;
      const shown = new Option(flags + placeholder(option), option.help);
      command.addOption(title === undefined ? shown : shown.helpGroup(`${title}:`));
    }
  }
  return command.helpInformation();
}

/** Options of a command that belong together. */
export interface ShownOptions {
  /** Undefined for the first ones, which are in no group. */
  readonly title: string | undefined;
  readonly options: readonly (readonly [name: string, option: OptionSpec])[];
}

/** The options of a command that are not hidden: those that are in no group, then each group. */
export function optionGroups({ options, groups = {} }: CommandSpec<OptionTable>): ShownOptions[] {
  const shown = Object.entries(options).filter(([, { hidden }]) => hidden !== true);
  const titles = Object.keys(groups);
  const titleOf = (name: string): string | undefined =>
    titles.find((title) => groups[title]?.includes(name) === true);
  return [undefined, ...titles].map((title) => ({
    title,
    options: shown.filter(([name]) => titleOf(name) === title),
  }));
}

/** The value of an option as help texts show it, with a blank in front; nothing for flags. */
export function placeholder(option: OptionSpec): string {
  switch (option.kind) {
    case "flag":
      return "";
    case "choice":
      return ` <${option.choices.join("|")}>`;
    default:
      return "bare" in option && option.bare !== undefined ? ` [${option.value}]` : ` <${option.value}>`;
  }
}

/** Widest term that has its text behind it. */
const MAX_TERM = 24;

/** A command whose help has long terms on lines of their own. */
function shaped(name: string): Command {
  const { padWidth, formatItem } = Help.prototype;
  return new Command(name).helpOption("-h, --help", "show this text").configureHelp({
    helpWidth: helpWidth(USUAL_COLUMNS),
    padWidth: (command, help) => Math.min(MAX_TERM, padWidth(command, help)),
    formatItem: (term, width, text, help) =>
      term.length <= width
        ? formatItem.call(help, term, width, text, help)
        : `  ${term}\n${formatItem.call(help, "", width, text, help)}`,
  });
}
