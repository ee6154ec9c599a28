/** What commands print: results on stdout, all else on stderr. Not by the streams of Node: they report failures too late. */
import { type Output, OutputFailed, OutputGone, openOutput, writeOutput } from "./output.js";

const STDOUT: Output = openOutput(undefined);

const STDERR: Output = { name: "stderr", fd: 2 };

/** Prints a result on stdout. Throws OutputGone and OutputFailed, for `main`. */
export function print(text: string): void {
  writeOutput(STDOUT, Buffer.from(text));
}

/** Prints a text for people on stderr. When nobody takes it the work goes on: its result and exit code count. */
export function say(text: string): void {
  try {
    writeOutput(STDERR, Buffer.from(text));
  } catch (error) {
    if (!(error instanceof OutputGone || error instanceof OutputFailed)) throw error;
  }
}
