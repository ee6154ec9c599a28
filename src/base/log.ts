// The log: one JSON object a line on stderr (stdout belongs to RPC and to decoded messages). Facts go into the
// object, the sentence is short and constant: log.info({ conn_id, version }, "channel up").
// pino takes 30 ms to load, so it is loaded when the first line is written; lines meanwhile wait in memory. Who does not
// read our stderr does not hold us up: lines wait, in bounded memory, and those beyond it are counted and lost.
import { hostname } from "node:os";
import type { Logger as Pino } from "pino";
import { OftrError } from "./errors.js";
import type { StderrLines } from "./stderr.js";
import { writeStderr } from "./write-stderr.js";

/** Ascending severity; `silent` writes nothing. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** A severity, or `silent`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Facts of a log line. `err` holds an Error. */
export type LogFacts = Record<string, unknown>;

/** Takes finished lines, each with its newline. */
export interface LogDestination {
  write(line: string): void;
}

type LineLevel = Exclude<LogLevel, "silent">;

interface Waiting {
  log: Log;
  level: LineLevel;
  facts: LogFacts;
  message: string;
  time: Date;
}

/** Lines kept while pino loads; more than these are counted and dropped. */
const MAX_WAITING = 1000;

/** Milliseconds that stderr has to take what is left when the process ends. */
const LAST_WRITE = 1000;

let threshold = LOG_LEVELS.indexOf("info");
let destination: LogDestination | undefined;
let root: Pino | undefined;
let loading: Promise<void> | undefined;
let waiting: Waiting[] = [];
let dropped = 0;
let lineTime: Date | undefined;
let stderr: StderrLines | undefined;

/** A source of log lines, with facts that each of its lines carries. */
export class Log {
  readonly bindings: LogFacts;
  #pino: Pino | undefined;

  constructor(bindings: LogFacts = {}) {
    this.bindings = bindings;
  }

  /** A log whose lines carry these facts too: one per connection, say. */
  child(bindings: LogFacts): Log {
    return new Log({ ...this.bindings, ...bindings });
  }

  /** True when lines of this severity are written: lets callers skip costly facts. */
  enabled(level: LineLevel): boolean {
    return LOG_LEVELS.indexOf(level) >= threshold;
  }

  trace(facts: LogFacts, message: string): void {
    if (threshold <= 0) this.#line("trace", facts, message);
  }

  debug(facts: LogFacts, message: string): void {
    if (threshold <= 1) this.#line("debug", facts, message);
  }

  info(facts: LogFacts, message: string): void {
    if (threshold <= 2) this.#line("info", facts, message);
  }

  warn(facts: LogFacts, message: string): void {
    if (threshold <= 3) this.#line("warn", facts, message);
  }

  error(facts: LogFacts, message: string): void {
    if (threshold <= 4) this.#line("error", facts, message);
  }

  fatal(facts: LogFacts, message: string): void {
    if (threshold <= 5) this.#line("fatal", facts, message);
  }

  #line(level: LineLevel, facts: LogFacts, message: string): void {
    if (root !== undefined) {
      this.write(root, level, facts, message);
      return;
    }
    if (waiting.length < MAX_WAITING) waiting.push({ log: this, level, facts, message, time: new Date() });
    else dropped++;
    loading ??= load();
  }

  /** @internal Writes one line through pino, which must be loaded. */
  write(pino: Pino, level: LineLevel, facts: LogFacts, message: string): void {
    if (this.#pino === undefined) this.#pino = pino.child(this.bindings);
    this.#pino[level](facts, message);
  }
}

/** The log of the process. */
export const log: Log = new Log();

/**
 * Chooses what is written, and where to (default: level "info", stderr). Call it before the first line;
 * later calls change the level only.
 */
export function configureLog(options: {
  level?: LogLevel;
  destination?: { write(line: string): void };
}): void {
  if (options.level !== undefined) threshold = LOG_LEVELS.indexOf(options.level);
  if (options.destination !== undefined) destination = options.destination;
}

/**
 * Resolves when all lines so far are written, or when stderr does not take them for a second. The process may exit
 * without it: waiting lines are written then.
 */
export async function flushLog(): Promise<void> {
  await loading;
  if (stderr === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      dropLog();
      resolve();
    }, LAST_WRITE);
  });
  await Promise.race([stderr.flush(), tooLate]);
  clearTimeout(timer);
}

/** Writes nothing any more, not even what waits: for a process that has to end at once. */
export function dropLog(): void {
  threshold = LOG_LEVELS.length;
  waiting = [];
  stderr?.destroy();
}

async function load(): Promise<void> {
  process.once("exit", writeWaiting);
  const [{ pino }, { openStderr }] = await Promise.all([import("pino"), import("./stderr.js")]);
  const timestamp = (): string => `,"time":"${(lineTime ?? new Date()).toISOString()}"`;
  // The level is checked above, before pino is needed.
  stderr = destination === undefined ? openStderr(tellLost) : undefined;
  const serializers = {
    err: (err: unknown) => (err instanceof OftrError ? expected(err) : pino.stdSerializers.err(err as Error)),
  };
  root = pino({ level: "trace", timestamp, serializers }, destination ?? stderr);
  process.removeListener("exit", writeWaiting);
  const lines = waiting;
  waiting = [];
  for (const line of lines) {
    lineTime = line.time;
    line.log.write(root, line.level, line.facts, line.message);
  }
  lineTime = undefined;
  if (dropped > 0) log.warn({ dropped }, "log lines dropped while the log was loading");
}

function tellLost(lines: number): void {
  log.warn({ dropped: lines }, "log lines dropped: stderr was not read");
}

/** The process ends before pino came up: the lines are written in pino's form, by hand. */
function writeWaiting(): void {
  for (const { log: source, level, facts, message, time } of waiting) {
    const head = { level: 10 + 10 * LOG_LEVELS.indexOf(level), time: time.toISOString(), pid: process.pid };
    const line = { ...head, hostname: hostname(), ...source.bindings, ...facts, msg: message };
    const text = `${JSON.stringify(line, plain)}\n`;
    if (destination === undefined) writeStderr(text);
    else destination.write(text);
  }
  waiting = [];
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof OftrError) return expected(value);
  if (value instanceof Error) return { type: value.name, message: value.message, stack: value.stack };
  return value;
}

/** An error that was foreseen: where in the program it was thrown tells nobody anything. */
function expected({ name, code, message }: OftrError): object {
  return { type: name, code, message };
}
