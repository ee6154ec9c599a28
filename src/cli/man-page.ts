/** Man pages, made from the definitions of the commands: man(7) macros, which every reader of man pages knows. */
import type { OptionSpec, OptionTable } from "./arguments.js";
import type { CommandSpec, ManualSection } from "./command.js";
import { EXIT_MEANINGS } from "./exit-codes.js";
import { optionGroups, placeholder } from "./usage.js";
import { VERSION } from "./version.js";

/** What the page of a command is made from. */
export interface Manual {
  /** As in the list of commands. */
  readonly summary: string;
  readonly spec: CommandSpec<OptionTable>;
}

/** The page oftr(1). */
export function programManPage(manuals: readonly Manual[]): string {
  return [
    ...head("oftr", "OpenFlow gateway: translates OpenFlow to JSON and YAML, and serves controllers"),
    ".SH SYNOPSIS",
    ".B oftr",
    "COMMAND",
    "[options] [operands]",
    ".SH DESCRIPTION",
    ...paragraphs(
      "Translates messages of OpenFlow 1.0 to 1.5 between bytes and JSON or YAML. As a daemon it terminates the connections of " +
        "switches, and offers them as JSON-RPC to controllers.\nEach command has a page of its own.",
    ),
    ".SH COMMANDS",
    ...manuals.flatMap(({ summary, spec: { name } }) => [
      ".TP",
      `.BR oftr\\-${roff(name)} (1)`,
      roff(summary),
    ]),
    ".SH OPTIONS",
    ...entry("\\fB\\-h\\fR, \\fB\\-\\-help\\fR", "show how oftr is used"),
    ...entry("\\fB\\-v\\fR, \\fB\\-\\-version\\fR", "show the version"),
    ".PP",
    "An option may have one dash or two. A value stands behind = or is the next word. Flags are switched off with =0.",
    ".SH EXIT STATUS",
    ...EXIT_MEANINGS.flatMap(([code, meaning]) => entry(`\\fB${code}\\fR`, meaning)),
    "",
  ].join("\n");
}

/** The page of a command, oftr-decode(1). Hidden options are left out. */
export function commandManPage({ summary, spec }: Manual, all: readonly Manual[]): string {
  const others = all.filter((one) => one.spec.name !== spec.name);
  return [
    ...head(`oftr-${spec.name}`, summary),
    ".SH SYNOPSIS",
    `.B oftr ${roff(spec.name)}`,
    `[options]${spec.operands === undefined ? "" : ` ${roff(spec.operands)}`}`,
    ".SH DESCRIPTION",
    ...paragraphs(spec.description),
    ".SH OPTIONS",
    ...optionGroups(spec).flatMap(({ title, options }) => [
      ...(title === undefined ? [] : [`.SS ${roff(title)}`]),
      ...options.flatMap(([name, option]) => entry(optionTerm(name, option), option.help)),
      ...(title === undefined ? entry("\\fB\\-h\\fR, \\fB\\-\\-help\\fR", "show the options") : []),
    ]),
    ...(spec.manual?.() ?? []).flatMap(section),
    ".SH EXIT STATUS",
    "0 when all went well; oftr(1) has the other codes.",
    ".SH SEE ALSO",
    ["oftr", ...others.map((one) => `oftr-${one.spec.name}`)]
      .map((name) => `.BR ${roff(name)} (1)`)
      .join(" ,\n"),
    "",
  ].join("\n");
}

function head(name: string, summary: string): string[] {
  return [
    '.\\" Made from the definitions of the commands. Do not edit.',
    `.TH ${name.toUpperCase()} 1 "" "oftr ${VERSION}" "oftr"`,
    ".SH NAME",
    `${roff(name)} \\- ${roff(summary)}`,
  ];
}

function section({ title, entries }: ManualSection): string[] {
  return [`.SH ${title}`, ...entries.flatMap(([term, text]) => entry(`\\fB${roff(term)}\\fR`, text))];
}

/** @param term  with its fonts */
function entry(term: string, text: string): string[] {
  return [".TP", term, roff(text)];
}

function optionTerm(name: string, option: OptionSpec): string {
  const long = `\\fB\\-\\-${roff(name)}\\fR`;
  const value = placeholder(option);
  const short = option.letter === undefined ? "" : `\\fB\\-${option.letter}\\fR, `;
  return `${short}${long}${roff(value)}`;
}

/** Lines of a description; those that begin with blanks keep their columns. */
function paragraphs(text: string): string[] {
  return text.split("\n").flatMap((line, i, lines) => {
    const indented = line.startsWith(" ");
    const before = lines[i - 1]?.startsWith(" ") === true;
    const after = lines[i + 1]?.startsWith(" ") === true;
    if (!indented) return [...(i > 0 ? [".PP"] : []), roff(line)];
    return [...(before ? [] : [".PP", ".nf"]), roff(line), ...(after ? [] : [".fi"])];
  });
}

/** Text that has no meaning to roff: dashes that can be copied, no escapes, no macros. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^[.']/gm, "\\&$&");
}
