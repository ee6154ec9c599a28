/** The texts of `--help`. Loaded only when one is asked for. */
import type { OptionSpec, OptionTable } from "./arguments.js";
import type { CommandSpec } from "./command.js";
import { helpWidth, terms, wrap } from "./help-text.js";

/** Columns of a line where there is no terminal that says how many it has. */
const USUAL_COLUMNS = 80;

/** A term, and what there is to say about it. */
type Row = readonly [term: string, text: string];

/** Rows under a title. */
interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

const HELP: Row = ["-h, --help", "show this text"];

/** The text of `oftr --help`. @param commands  name and summary of each command, in order */
export function formatProgramUsage(commands: readonly { name: string; summary: string }[]): string {
  const about =
    "OpenFlow gateway: translates OpenFlow 1.0-1.5 to JSON and YAML, and serves controllers over JSON-RPC.";
  const usage = formatUsage("oftr COMMAND [options] [operands]", about, [
    { title: "Options", rows: [["-v, --version", "show the version"], HELP] },
    { title: "Commands", rows: commands.map(({ name, summary }) => [name, summary]) },
  ]);
  return `${usage}\nEach command has its own help: oftr COMMAND --help\n`;
}

/** The text of `oftr COMMAND --help`; hidden options are left out. */
export function formatCommandUsage(spec: CommandSpec<OptionTable>): string {
  const synopsis = `oftr ${spec.name} [options]${spec.operands === undefined ? "" : ` ${spec.operands}`}`;
  const sections = optionGroups(spec).map(({ title, options }): Section => {
    const rows = options.map(([name, option]): Row => [optionTerm(name, option), option.help]);
    return title === undefined ? { title: "Options", rows: [...rows, HELP] } : { title, rows };
  });
  return formatUsage(synopsis, spec.description, sections);
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

function optionTerm(name: string, option: OptionSpec): string {
  const letter = option.letter === undefined ? "" : `-${option.letter}, `;
  return `${letter}--${name}${placeholder(option)}`;
}

function formatUsage(synopsis: string, about: string, sections: readonly Section[]): string {
  const columns = helpWidth(USUAL_COLUMNS);
  const paragraphs = about
    .split("\n")
    // Lines of a table stay as they are.
    .flatMap((line) => (line.startsWith(" ") ? [line] : wrap(line, columns)));
  const widest = Math.max(...sections.flatMap(({ rows }) => rows.map(([term]) => term.length)));
  const lists = sections.flatMap(({ title, rows }) => ["", `${title}:`, ...terms(rows, widest, columns)]);
  return `${[`Usage: ${synopsis}`, "", ...paragraphs, ...lists].join("\n")}\n`;
}
