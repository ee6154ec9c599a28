/** The way of all input of `encode` and `decode`: file by file, chunk by chunk, output flushed behind each chunk. */
import { EXIT } from "./exit-codes.js";
import { complain, Failures, systemReason } from "./failures.js";
import type { Follower } from "./follow.js";
import { CHUNK_BYTES, closeInput, type Input, openInput, readInput } from "./input.js";
import { closeOutput, type Output, openOutput, writeOutput } from "./output.js";
import { Progress } from "./progress.js";

/** What is done with the bytes of one input. */
export interface Consumer {
  /** Takes the next bytes; they are overwritten after the call. False ends this input. */
  push(chunk: Buffer): boolean;
  /** Takes the end of the input. */
  end(): void;
}

/** Counts messages. */
export interface Counter {
  messages: number;
}

/** The work of a command between its input and its output. */
export interface Translation {
  /** Starts one input. @param counter  counts the messages that have been dealt with, good or bad */
  open(input: Input, failures: Failures, counter: Counter): Consumer;
  /** Deals with a whole input in a way of its own; false, and nothing has happened, when it shall come in chunks. */
  takeOver?(input: Input, failures: Failures, progress: Progress): Promise<boolean>;
  /** Takes the end of all inputs, unless a failure has ended the work before. */
  endAll?(failures: Failures): void;
  /** Writes what is ready. */
  flush(): void;
  /** Writes what belongs after the last input. */
  finish(): void;
}

export interface StreamOptions {
  /** Names of files, `-` for stdin; stdin when empty. */
  readonly operands: readonly string[];
  readonly output: string | undefined;
  /** Write nothing; the output is opened all the same. */
  readonly silent: boolean;
  readonly silentError: boolean;
  readonly keepGoing: boolean;
  /** Exit code when an input fails in the middle. */
  readonly readFailed: typeof EXIT.OPEN | typeof EXIT.MISMATCH;
  /** Reads the one input, a file that is being written. */
  readonly follower?: Follower | undefined;
}

/** Bytes that tell what kind of file one is: as many are waited for before it is decided. */
const HEAD_BYTES = 4;

/** Takes bytes that are overwritten after the call. Throws OutputGone or OutputFailed. */
export type Write = (bytes: Uint8Array) => void;

/**
 * Runs a translation over all inputs; gives the exit code.
 * @param start  makes the translation; its `output` is undefined when nothing shall be written
 */
export async function translate(
  options: StreamOptions,
  start: (write: Write, output: Output | undefined) => Translation | Promise<Translation>,
): Promise<number> {
  let opened: Output;
  try {
    opened = openOutput(options.output);
  } catch (error) {
    complain(`opening file for output ${options.output}: ${systemReason(error)}`);
    return EXIT.OPEN;
  }
  const output = options.silent ? undefined : opened;
  const names = options.operands.length === 0 ? ["-"] : options.operands;
  const progress = new Progress({ names, output });
  const translation = await start((bytes) => output && writeOutput(output, bytes), output);
  const failures = new Failures({
    keepGoing: options.keepGoing,
    silent: options.silentError,
    flush: () => translation.flush(),
    erase: () => progress.erase(),
  });
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const code = await failures.run(async () => {
    try {
      for (const name of names)
        do await translateInput(name, translation, chunk, failures, progress, options);
        while (options.follower?.beginsAnew());
      translation.endAll?.(failures);
    } finally {
      progress.clear();
      translation.finish();
      translation.flush();
    }
  });
  closeOutput(opened);
  return code;
}

async function translateInput(
  name: string,
  translation: Translation,
  chunk: Buffer,
  failures: Failures,
  progress: Progress,
  options: StreamOptions,
): Promise<void> {
  const { follower } = options;
  let input: Input;
  try {
    input = openInput(name);
  } catch (error) {
    failures.addFile(EXIT.OPEN, `opening file ${name}: ${systemReason(error)}`);
    return;
  }
  try {
    await follower?.begin(input, HEAD_BYTES);
    if (await translation.takeOver?.(input, failures, progress)) return;
    const consumer = translation.open(input, failures, progress);
    for (;;) {
      const n = await readOrReport(input, chunk, failures, options);
      if (n === 0) break;
      const goOn = consumer.push(chunk.subarray(0, n));
      // A read gives what is there: whoever waits for these messages at the other end of a pipe gets them now.
      translation.flush();
      if (!goOn) return;
      progress.bytes += n;
      progress.tick();
    }
    // What is still to come of a message is no failure.
    if (follower?.stopped !== true) consumer.end();
  } finally {
    closeInput(input);
  }
}

async function readOrReport(
  input: Input,
  chunk: Buffer,
  failures: Failures,
  { follower, readFailed }: StreamOptions,
): Promise<number> {
  try {
    return follower === undefined ? readInput(input, chunk, 0) : await follower.read(input, chunk);
  } catch (error) {
    failures.addFile(readFailed, `reading ${input.name}: ${systemReason(error)}`);
    return 0;
  }
}
