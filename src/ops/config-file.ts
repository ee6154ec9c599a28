// The configuration file: a YAML mapping of settings. Loaded only where there is one.
import { readFileSync } from "node:fs";
import { didYouMean, TextError } from "../base/index.js";
import { toSystemError } from "../channel/index.js";
import { parseYaml } from "../text/index.js";
import { ConfigurationError, type Entries, type Entry, errorAt, type Source } from "./configuration.js";
import { SETTING_NAMES, type SettingName, settingOf } from "./settings.js";

const KEYS = SETTING_NAMES.filter((name) => settingOf(name).outsideOnly !== true);

type Locate = (path: readonly (string | number)[], target?: "key") => Source;

/**
 * Reads a configuration file. A setting that may be given more than once has a list, or for names with values (limit)
 * a mapping; a single text does for a list of one. Throws ConfigurationError, with line and column.
 */
export function readConfigFile(path: string): Entries {
  const text = readText(path);
  let document: ReturnType<typeof parseYaml>;
  try {
    document = parseYaml(text);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    throw new ConfigurationError("VALUE", `${path}:${error.message}`);
  }
  const locate: Locate = (where, target) => {
    const { line, column } = document.positionOf(where, target) ?? { line: 1, column: 1 };
    return { kind: "file", path, line, column };
  };
  const { value } = document;
  if (value === "") return new Map();
  if (!isMapping(value)) {
    throw new ConfigurationError("VALUE", `${path}:1:1: settings are expected, as NAME: VALUE`);
  }
  return new Map(Object.entries(value).map(([key, given]) => readKey(key, given, locate)));
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ConfigurationError("FILE", `cannot read ${path}: ${toSystemError(error as Error).message}`);
  }
}

function readKey(key: string, given: unknown, locate: Locate): readonly [SettingName, readonly Entry[]] {
  const name = KEYS.find((candidate) => candidate === key);
  if (name === undefined) throw unknownKey(key, locate([key], "key"));
  const { form, adds, bare = "" } = settingOf(name);
  if (typeof given === "string" || given === null) {
    const text = given || bare;
    return [name, text === "" ? [] : [{ text, source: locate([key]) }]];
  }
  if (form !== "many") throw errorAt(name, locate([key]), "one value is expected");
  if (Array.isArray(given)) {
    const entries = given.map((element: unknown, i) => {
      const source = locate([key, i]);
      if (typeof element === "string") return { text: element, source };
      throw errorAt(name, source, "a text is expected");
    });
    return [name, entries];
  }
  if (adds !== true) throw errorAt(name, locate([key]), "a list is expected");
  const entries = Object.entries(given as object).map(([part, value]) => {
    const source = locate([key, part], "key");
    if (typeof value === "string") return { text: `${part}=${value}`, source };
    throw errorAt(name, source, `${part}: one value is expected`);
  });
  return [name, entries];
}

function unknownKey(key: string, source: Source): ConfigurationError {
  const where = source.kind === "file" ? `${source.path}:${source.line}:${source.column}: ` : "";
  const outside = SETTING_NAMES.find((name) => name === key);
  const why =
    outside === undefined
      ? `there is no setting '${key}'${didYouMean(key, KEYS)}`
      : `'${key}' has no place in a file`;
  return new ConfigurationError("VALUE", where + why);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
