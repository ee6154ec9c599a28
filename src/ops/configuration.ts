// Where the value of each setting comes from: the command line goes before the environment, that before the file, and
// that before what holds without a word. Which of them it was is remembered, for people who wonder.
import { DEFAULT_LIMITS, type Limits, OftrError, readLimits } from "../base/index.js";
import { tlsFilesOf } from "./openflow-endpoint.js";
import { ElementError, type Setting, ValueError } from "./setting.js";
import {
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingValues,
  settingOf,
  variableOf,
} from "./settings.js";

/** Where a text stood. */
export type Source =
  | { readonly kind: "command line" }
  | { readonly kind: "environment"; readonly variable: string }
  /** Line and column count from 1. */
  | { readonly kind: "file"; readonly path: string; readonly line: number; readonly column: number };

/** A text that was given for a setting. */
export interface Entry {
  readonly text: string;
  readonly source: Source;
}

/** What was given, by setting. */
export type Entries = ReadonlyMap<SettingName, readonly Entry[]>;

/** What the daemon is told to do. */
export interface Configuration {
  readonly values: SettingValues;
  readonly limits: Limits;
  /** The texts behind the values; none for what was not given. */
  readonly entries: Entries;
}

/** What is wrong with what was given. FILE: the file cannot be read. The message says where; it names no command. */
export class ConfigurationError extends OftrError<"FILE" | "VALUE" | "CONFLICT"> {
  override readonly name = "ConfigurationError";
}

/**
 * Reads the configuration.
 * @param commandLine  texts by name of setting, as often as each was given
 * @param environment  as process.env; empty variables count as missing
 * Rejects with ConfigurationError.
 */
export async function readConfiguration(
  commandLine: ReadonlyMap<string, readonly string[]>,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Configuration> {
  const strong = [fromCommandLine(commandLine), fromEnvironment(environment)];
  const path = readSetting("config", combine("config", strong));
  const sources = [...strong];
  if (path !== undefined) sources.push(await (await import("./config-file.js")).readConfigFile(path));

  const entries = new Map<SettingName, readonly Entry[]>();
  const values: Record<string, unknown> = {};
  for (const name of SETTING_NAMES) {
    const found = combine(name, sources);
    if (found.length > 0) entries.set(name, found);
    values[name] = readSetting(name, found);
  }
  const configuration = {
    values: values as SettingValues,
    limits: readLimits((values as SettingValues).limit, DEFAULT_LIMITS),
    entries,
  };
  checkConflicts(configuration);
  checkTlsFiles(configuration);
  return configuration;
}

/** `the command line`, `OFTR_LISTEN`, `oftr.yaml:3`: where a text stood, for people. */
export function formatSource(source: Source): string {
  switch (source.kind) {
    case "command line":
      return "command line";
    case "environment":
      return source.variable;
    case "file":
      return `${source.path}:${source.line}`;
  }
}

/** An error of a text, with its place. */
export function errorAt(name: SettingName, source: Source, detail: string): ConfigurationError {
  switch (source.kind) {
    case "command line":
      return new ConfigurationError("VALUE", `for the -${name} option: ${detail}`);
    case "environment":
      return new ConfigurationError("VALUE", `${source.variable}: ${detail}`);
    case "file":
      return new ConfigurationError(
        "VALUE",
        `${source.path}:${source.line}:${source.column}: ${name}: ${detail}`,
      );
  }
}

function fromCommandLine(given: ReadonlyMap<string, readonly string[]>): Entries {
  const source: Source = { kind: "command line" };
  const found = SETTING_NAMES.map((name) => {
    const texts = given.get(name) ?? [];
    return [name, texts.map((text) => ({ text, source }))] as const;
  });
  return new Map(found);
}

/** Elements of a list stand between blanks. */
function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Entries {
  const entries = new Map<SettingName, readonly Entry[]>();
  for (const name of SETTING_NAMES) {
    const variable = variableOf(name);
    const value = environment[variable];
    if (value === undefined || value === "") continue;
    const source: Source = { kind: "environment", variable };
    const texts = settingOf(name).form === "many" ? value.trim().split(/\s+/) : [value];
    entries.set(
      name,
      texts.map((text) => ({ text, source })),
    );
  }
  return entries;
}

/** The texts that count; the strongest source comes first in `sources` and, as the last word counts, last in what is given. */
function combine(name: SettingName, sources: readonly Entries[]): readonly Entry[] {
  const found = sources.map((entries) => entries.get(name) ?? []);
  if (settingOf(name).adds) return found.reverse().flat();
  return found.find((entries) => entries.length > 0) ?? [];
}

function readSetting<N extends SettingName>(name: N, entries: readonly Entry[]): SettingValues[N] {
  const setting = SETTINGS[name] as Setting<unknown>;
  try {
    return setting.read(entries.map(({ text }) => text)) as SettingValues[N];
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const entry = error instanceof ElementError ? entries[error.index] : entries.at(-1);
    throw entry === undefined ? error : errorAt(name, entry.source, error.message);
  }
}

/** Settings that cannot be together, and why. */
const CONFLICTS: readonly {
  readonly names: readonly [SettingName, SettingName];
  readonly why: string;
  /** Only where this holds as well. */
  readonly when?: (values: SettingValues) => boolean;
}[] = [
  {
    names: ["listen", "rpc-socket"],
    why: "--rpc-socket serves one client and ends with it; --listen=unix:PATH serves many",
  },
  {
    names: ["listen", "framing"],
    why: "an endpoint says its own framing: --listen=unix:PATH,framing=nul",
  },
  {
    names: ["listen", "binary-protocol"],
    why: "an endpoint says its own framing: --listen=unix:PATH,framing=binary",
  },
  {
    names: ["framing", "binary-protocol"],
    why: "--binary-protocol is --framing=binary",
    when: (values) => values["binary-protocol"] && values.framing !== "binary",
  },
];

function checkConflicts({ values, entries }: Configuration): void {
  for (const { names, why, when } of CONFLICTS) {
    const sources = names.map((name) => entries.get(name)?.at(-1)?.source);
    const [first, second] = sources;
    if (first === undefined || second === undefined || when?.(values) === false) continue;
    const told = names.map((name, i) => `${name} (${formatSource(sources[i] as Source)})`);
    throw new ConfigurationError("CONFLICT", `${told.join(" and ")} cannot be together: ${why}`);
  }
}

/** Whether the files themselves can be used is seen when they are read. */
function checkTlsFiles({ values, entries }: Configuration): void {
  for (const [i, endpoint] of values.openflow.entries()) {
    const source = entries.get("openflow")?.[i]?.source;
    if (!endpoint.tls || source === undefined) continue;
    try {
      tlsFilesOf(endpoint, values);
    } catch (error) {
      throw error instanceof ValueError ? errorAt("openflow", source, error.message) : error;
    }
  }
}
