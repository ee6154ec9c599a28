/** What failed in a run of `encode` or `decode`: told on stderr at once, remembered for the exit code. */
import { EXIT } from "./exit-codes.js";
import { errorCode } from "./input.js";
import { type Output, OutputFailed, OutputGone, writeOutput } from "./output.js";

type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const STDERR: Output = { name: "stderr", fd: 2 };

/** Thrown by Failures to leave the work after the first failure. */
class Stopped extends Error {}

/** Takes the failures of one run. */
export class Failures {
  readonly #keepGoing: boolean;
  readonly #flush: () => void;
  #code: number = EXIT.OK;

  /**
   * @param keepGoing  go on after a failure
   * @param flush      writes the output so far, so that it stands before the error on a terminal
   */
  constructor(keepGoing: boolean, flush: () => void) {
    this.#keepGoing = keepGoing;
    this.#flush = flush;
  }

  /** Prints `Error: TEXT`. Returns when the work shall go on, else throws; what it throws is for `run`. */
  add(code: ExitCode, text: string): void {
    this.#flush();
    complain(text);
    if (this.#code === EXIT.OK) this.#code = code;
    if (!this.#keepGoing) throw new Stopped("stopped at the first failure");
  }

  /**
   * Runs the work and gives the exit code: that of the first failure, also when the work went on after it.
   * When the reader of the output goes away, the work ends without a word.
   */
  run(work: () => void): number {
    try {
      work();
    } catch (error) {
      if (error instanceof OutputFailed) {
        complain(error.message);
        return EXIT.FAILED;
      }
      if (!(error instanceof Stopped) && !(error instanceof OutputGone)) throw error;
    }
    return this.#code;
  }
}

/** Prints `Error: TEXT` on stderr. */
export function complain(text: string): void {
  writeOutput(STDERR, Buffer.from(`Error: ${text}\n`));
}

/** The reason in an error of the system, for people: `no such file or directory`. */
export function systemReason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const code = errorCode(error);
  return code !== undefined && text.startsWith(`${code}: `)
    ? text.slice(code.length + 2).replace(/, \w+( '.*')?$/s, "")
    : text;
}
