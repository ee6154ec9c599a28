/** The texts of `--help`. Loaded only when one is asked for, for commander takes longer to load than most commands to run. */
import { Command, Option } from "commander";
import type { OptionSpec, OptionTable } from "./arguments.js";
import type { CommandSpec } from "./command.js";

/** The text of `oftr --help`. @param commands  name and summary of each command, in order */
export function formatProgramUsage(commands: readonly { name: string; summary: string }[]): string {
  const program = new Command("oftr")
    .description(
      "OpenFlow gateway: translates OpenFlow 1.0-1.5 to JSON and YAML, and serves controllers over JSON-RPC.",
    )
    .usage("COMMAND [options] [operands]")
    .option("-v, --version", "show the version")
    .helpOption("-h, --help", "show this text")
    .helpCommand(false);
  for (const { name, summary } of commands) program.command(name).summary(summary);
  return `${program.helpInformation()}\nEach command has its own help: oftr COMMAND --help\n`;
}

/** The text of `oftr COMMAND --help`; hidden options are left out. */
export function formatCommandUsage(spec: CommandSpec<OptionTable>): string {
  const command = new Command(`oftr ${spec.name}`)
    .description(spec.description)
    .usage(spec.operands === undefined ? "[options]" : `[options] ${spec.operands}`)
    .helpOption("-h, --help", "show this text");
  for (const [name, option] of Object.entries(spec.options)) {
    const flags = option.letter === undefined ? `--${name}` : `-${option.letter}, --${name}`;
    command.addOption(new Option(flags + placeholder(option), option.help).hideHelp(option.hidden === true));
  }
  return command.helpInformation();
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
