/** What failed in a run of `encode` or `decode`: told on stderr at once, remembered for the exit code. */
import { EXIT } from "./exit-codes.js";
import { errorCode } from "./input.js";
import { OutputFailed, OutputGone } from "./output.js";
import { say } from "./print.js";

/** One of EXIT. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Thrown by Failures to leave the work after the first failure. */
class Stopped extends Error {}

/** How a run treats its failures. */
export interface FailureOptions {
  /** Go on after a failure. */
  readonly keepGoing: boolean;
  /** Tell nothing of messages that are wrong; the exit code tells. */
  readonly silent: boolean;
  /** Called before each failure is told: writes the output so far, so that it stands before the error on a terminal. */
  readonly flush: () => void;
  /** What has to be printed to take a line of progress away, "" for none. */
  readonly erase: () => string;
}

/** Takes the failures of one run. */
export class Failures {
  readonly #options: FailureOptions;
  #code: ExitCode = EXIT.OK;

  constructor(options: FailureOptions) {
    this.#options = options;
  }

  get options(): FailureOptions {
    return this.#options;
  }

  /**
   * A message is wrong. Prints `Error: TEXT` unless silent. Returns when the work shall go on, else throws; what it
   * throws is for `run`.
   */
  add(code: ExitCode, text: string): void {
    this.#add(code, this.#options.silent ? undefined : text);
  }

  /** As `add`, for files that cannot be opened or read: told though silent. */
  addFile(code: ExitCode, text: string): void {
    this.#add(code, text);
  }

  /** As `add`, where the work goes on after any failure. */
  note(code: ExitCode, text: string): void {
    this.#tell(code, this.#options.silent ? undefined : text);
  }

  /** As `addFile`, where the work goes on after any failure. */
  noteFile(code: ExitCode, text: string): void {
    this.#tell(code, text);
  }

  /** Takes over what another Failures has told. @param stopped  its work has ended because of that */
  adopt(code: ExitCode, stopped: boolean): void {
    if (this.#code === EXIT.OK) this.#code = code;
    if (stopped) throw new Stopped("stopped elsewhere");
  }

  /**
   * Runs the work and gives the exit code: that of the first failure, also when the work went on after it.
   * When the reader of the output goes away, the work ends without a word.
   */
  async run(work: () => Promise<void> | void): Promise<ExitCode> {
    try {
      await work();
    } catch (error) {
      if (error instanceof OutputFailed) {
        complain(error.message, this.#options.erase());
        if (this.#code === EXIT.OK) this.#code = EXIT.FAILED;
      } else if (!(error instanceof Stopped || error instanceof OutputGone)) throw error;
    }
    return this.#code;
  }

  #tell(code: ExitCode, text: string | undefined): void {
    this.#options.flush();
    if (text !== undefined) complain(text, this.#options.erase());
    if (this.#code === EXIT.OK) this.#code = code;
  }

  #add(code: ExitCode, text: string | undefined): void {
    this.#tell(code, text);
    if (!this.#options.keepGoing) throw new Stopped("stopped at the first failure");
  }
}

/** Prints `Error: TEXT` on stderr. @param before  printed with it, in front */
export function complain(text: string, before = ""): void {
  tell(`Error: ${text}`, before);
}

/** Prints a line on stderr. @param before  printed with it, in front */
export function tell(line: string, before = ""): void {
  say(`${before}${line}\n`);
}

/** The reason in an error of the system, for people: `no such file or directory`. */
export function systemReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  return code !== undefined && text.startsWith(`${code}: `)
    ? text.slice(code.length + 2).replace(/, \w+( '.*')?$/s, "")
    : text;
}
