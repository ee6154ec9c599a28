// What the daemon writes to its log, and where to.
import { appendFileSync } from "node:fs";
import { configureLog, type LogLevel, writeStderr } from "../base/index.js";
import { toSystemError } from "../channel/index.js";
import { setTrace } from "../rpc/index.js";
import { type Configuration, errorAt } from "./configuration.js";
import type { SettingValues } from "./settings.js";

const LEVELS = {
  none: "silent",
  debug: "debug",
  info: "info",
  warning: "warn",
  error: "error",
  fatal: "fatal",
} as const satisfies Readonly<Record<string, LogLevel>>;

/**
 * Sets the log up, or changes its level and what is traced. A program that is started for its standard output stays
 * silent unless told otherwise; a service says what it does.
 */
export function chooseLog(values: SettingValues): void {
  const { loglevel, logfile, trace = [], listen } = values;
  setTrace(trace);
  const usual = listen.length > 0 ? "info" : "fatal";
  configureLog({
    level: trace.length > 0 ? "trace" : LEVELS[loglevel ?? usual],
    // By its path each time, so that the file can be moved away.
    ...(logfile === undefined ? {} : { destination: { write: (line: string) => append(logfile, line) } }),
  });
}

/** Makes sure that the daemon does not start with a log that cannot be written. Throws ConfigurationError. */
export function checkLogfile({ values: { logfile }, entries }: Configuration): void {
  const source = entries.get("logfile")?.at(-1)?.source;
  if (logfile === undefined || source === undefined) return;
  try {
    appendFileSync(logfile, "");
  } catch (error) {
    throw errorAt("logfile", source, `${logfile}: ${toSystemError(error as Error).message}`);
  }
}

let complained = false;

/** A disk that is full ends nothing but the log. */
function append(path: string, line: string): void {
  try {
    // What there was space for of the last line is not to be taken for the beginning of this one.
    appendFileSync(path, complained ? `\n${line}` : line);
    complained = false;
  } catch (error) {
    const { message } = toSystemError(error as Error);
    if (!complained) writeStderr(`oftr: the log cannot be written: ${path}: ${message}\n`);
    complained = true;
  }
}
