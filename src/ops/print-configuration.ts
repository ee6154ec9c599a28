// `--print-config`: the settings that count, as a file that says the same again.
import { LIMITS, type LimitKey } from "../base/index.js";
import { type Configuration, type Entry, formatSource } from "./configuration.js";
import { SETTING_NAMES, type SettingName, settingOf } from "./settings.js";

/** Column of the comments, where the line is short enough. */
const COMMENT_COLUMN = 40;

/**
 * Writes a configuration as YAML, with a comment for each value that says where it comes from. Reading it back gives
 * the same settings; what was not given is a comment. Files with keys and tokens are named, and not shown.
 */
export function printConfiguration(configuration: Configuration): string {
  const lines = SETTING_NAMES.flatMap((name) => {
    if (settingOf(name).outsideOnly) return [];
    return name === "limit" ? printLimits(configuration) : printSetting(name, configuration);
  });
  return `# oftr jsonrpc --print-config\n${lines.join("\n")}\n`;
}

function printSetting(name: SettingName, { entries }: Configuration): string[] {
  const { form, absent } = settingOf(name);
  const given = entries.get(name) ?? [];
  if (given.length === 0) return [withComment(`# ${name}:`, absent === "" ? "not given" : absent)];
  if (form === "many") return [`${name}:`, ...given.map((entry) => printLine("  - ", entry))];
  return [printLine(`${name}: `, given.at(-1) as Entry)];
}

function printLine(head: string, { text, source }: Entry): string {
  return withComment(head + quote(text), formatSource(source));
}

function printLimits({ limits, entries }: Configuration): string[] {
  const given = entries.get("limit") ?? [];
  const lines = (Object.keys(LIMITS) as LimitKey[]).map((key) => {
    const { name } = LIMITS[key];
    const last = given.filter(({ text }) => text.startsWith(`${name}=`)).at(-1);
    const source = last === undefined ? "default" : formatSource(last.source);
    return withComment(`  ${name}: ${limits[key]}`, source);
  });
  return ["limit:", ...lines];
}

function withComment(line: string, comment: string): string {
  return `${line.padEnd(COMMENT_COLUMN)}  # ${comment}`;
}

/** A YAML scalar; JSON's quotes are YAML's, too. */
function quote(text: string): string {
  return /^[\w/][\w/.,=:@%+~-]*$/.test(text) && !text.endsWith(":") ? text : JSON.stringify(text);
}
