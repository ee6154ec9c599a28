/** The way of all input of `encode` and `decode`: file by file, chunk by chunk, output flushed behind each chunk. */
import { EXIT } from "./exit-codes.js";
import { complain, Failures, systemReason } from "./failures.js";
import { CHUNK_BYTES, closeInput, type Input, openInput, readInput } from "./input.js";
import { closeOutput, type Output, openOutput } from "./output.js";

/** What is done with the bytes of one input. */
export interface Consumer {
  /** Takes the next bytes; they are overwritten after the call. False ends this input. */
  push(chunk: Buffer): boolean;
  /** Takes the end of the input. */
  end(): void;
}

/** The work of a command between its input and its output. */
export interface Translation {
  /** Starts one input. */
  open(name: string, failures: Failures): Consumer;
  /** Writes what is ready. */
  flush(): void;
  /** Writes what belongs after the last input. */
  finish(): void;
}

export interface StreamOptions {
  /** Names of files, `-` for stdin; stdin when empty. */
  readonly operands: readonly string[];
  readonly output: string | undefined;
  readonly keepGoing: boolean;
  /** Exit code when an input fails in the middle. */
  readonly readFailed: typeof EXIT.OPEN | typeof EXIT.MISMATCH;
}

/** Runs a translation over all inputs; gives the exit code. */
export function translate(options: StreamOptions, start: (output: Output) => Translation): number {
  let output: Output;
  try {
    output = openOutput(options.output);
  } catch (error) {
    complain(`opening file for output ${options.output}: ${systemReason(error)}`);
    return EXIT.OPEN;
  }
  const translation = start(output);
  const failures = new Failures(options.keepGoing, () => translation.flush());
  const names = options.operands.length === 0 ? ["-"] : options.operands;
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const code = failures.run(() => {
    try {
      for (const name of names) translateInput(name, translation, chunk, failures, options);
    } finally {
      translation.finish();
      translation.flush();
    }
  });
  closeOutput(output);
  return code;
}

function translateInput(
  name: string,
  translation: Translation,
  chunk: Buffer,
  failures: Failures,
  options: StreamOptions,
): void {
  let input: Input;
  try {
    input = openInput(name);
  } catch (error) {
    failures.add(EXIT.OPEN, `opening file ${name}: ${systemReason(error)}`);
    return;
  }
  try {
    const consumer = translation.open(name, failures);
    for (;;) {
      const n = readOrReport(input, chunk, failures, options);
      if (n === 0) break;
      const goOn = consumer.push(chunk.subarray(0, n));
      // A read gives what is there: whoever waits for these messages at the other end of a pipe gets them now.
      translation.flush();
      if (!goOn) return;
    }
    consumer.end();
  } finally {
    closeInput(input);
  }
}

function readOrReport(input: Input, chunk: Buffer, failures: Failures, options: StreamOptions): number {
  try {
    return readInput(input, chunk, 0);
  } catch (error) {
    failures.add(options.readFailed, `reading ${input.name}: ${systemReason(error)}`);
    return 0;
  }
}
