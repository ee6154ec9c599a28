/** The line on a terminal that says how far a long run has come. */
import { fstatSync, statSync } from "node:fs";
import type { Output } from "./output.js";
import { say } from "./print.js";

/** Milliseconds of work before the line appears: whoever waits less need not be told. */
const PATIENCE = 1000;
/** Milliseconds between one line and the next. */
export const PERIOD = 200;

const STDERR = 2;
/** What takes a line off a terminal. */
export const ERASE = "\r\x1b[K";
const MEGABYTE = 1_000_000;

/** What a line of progress is about. */
export interface ProgressOptions {
  /** Names of the inputs, `-` for stdin. */
  readonly names: readonly string[];
  /** Where the result goes: on a terminal it is itself what tells the progress. Undefined when it goes nowhere. */
  readonly output: Output | undefined;
}

/** Counts, and shows the counts on stderr, if that is a terminal, when the work takes more than a second. */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #start = milliseconds();
  #next = this.#start + PATIENCE;
  #wanted: boolean | undefined;
  #total: number | undefined;
  #drawn = false;
  /** Bytes of input that have been dealt with. */
  bytes = 0;
  /** Messages that have been dealt with. */
  messages = 0;

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** Draws the line when it is time. */
  tick(): void {
    const now = milliseconds();
    if (now < this.#next) return;
    this.#next = now + PERIOD;
    if (!this.wanted) return;
    this.#total ??= totalSize(this.#options.names);
    const line = formatProgress(this.bytes, this.#total, this.messages, (now - this.#start) / 1000);
    // The cursor goes back, so that the prompt of a shell overwrites the line when the run is interrupted.
    say(`${ERASE}${line}\r`);
    this.#drawn = true;
  }

  /** True when there is a terminal to draw on. */
  get wanted(): boolean {
    this.#wanted ??= isWanted(this.#options.output);
    return this.#wanted;
  }

  /** What erases the line, "" when none is there; it counts as erased then. */
  erase(): string {
    if (!this.#drawn) return "";
    this.#drawn = false;
    return ERASE;
  }

  /** Erases the line. */
  clear(): void {
    const text = this.erase();
    if (text !== "") say(text);
  }
}

/**
 * The line itself: `120.5 MB of 500.0 MB (24%), 1,060,200 messages, 60.2 MB/s`.
 * @param total    bytes of all inputs, NaN when one of them has no size
 * @param seconds  since the start
 */
export function formatProgress(bytes: number, total: number, messages: number, seconds: number): string {
  const size = (n: number): string => `${(n / MEGABYTE).toFixed(1)} MB`;
  // A file may grow meanwhile.
  const share = total > 0 ? ` of ${size(total)} (${Math.min(100, Math.floor((100 * bytes) / total))}%)` : "";
  return `${size(bytes)}${share}, ${messages.toLocaleString("en-US")} messages, ${size(bytes / seconds)}/s`;
}

/** A clock that only goes forward. `performance` would be loaded at each start. */
function milliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** True when stderr is a terminal, and the output does not go there. */
function isWanted(output: Output | undefined): boolean {
  const stderr = fstatSync(STDERR);
  // node:tty would be loaded at each start, process.stderr is made here. That of a pipe would make the pipe non-blocking.
  if (!stderr.isCharacterDevice() || !process.stderr.isTTY) return false;
  return output === undefined || fstatSync(output.fd).rdev !== stderr.rdev;
}

function totalSize(names: readonly string[]): number {
  let total = 0;
  for (const name of names) {
    const found = name === "-" ? undefined : statSync(name, { throwIfNoEntry: false });
    if (found !== undefined || name === "-") total += found?.isFile() ? found.size : Number.NaN;
  }
  return total;
}
