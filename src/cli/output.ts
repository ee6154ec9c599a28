/** Synchronous output of the commands. */
import { closeSync, openSync, writeSync } from "node:fs";
import { errorCode, pauseThread } from "./input.js";

/** The reader of the output has gone away (EPIPE): there is nobody to tell, the command ends quietly. */
export class OutputGone extends Error {}

/** The output cannot be written: disk full, device error. */
export class OutputFailed extends Error {}

/** An open descriptor that takes bytes. */
export interface Output {
  /** As the user gave it; `-` is stdout. */
  readonly name: string;
  readonly fd: number;
}

/** Opens a file for writing, empty; stdout for `-` or no name. Throws the error of the system. */
export function openOutput(name: string | undefined): Output {
  return name === undefined || name === "-" ? { name: "-", fd: 1 } : { name, fd: openSync(name, "w") };
}

/** Closes what openOutput opened; stdout stays open. */
export function closeOutput(output: Output): void {
  if (output.fd > 2) closeSync(output.fd);
}

/** Writes the bytes `start`..`end` and waits until they are taken. Throws OutputGone or OutputFailed. */
export function writeOutput(output: Output, bytes: Uint8Array, start = 0, end = bytes.length): void {
  let pause = 1;
  while (start < end) {
    try {
      start += writeSync(output.fd, bytes, start, end - start);
      pause = 1;
    } catch (error) {
      const code = errorCode(error);
      if (code === "EPIPE") throw new OutputGone("the reader of the output has gone");
      if (code !== "EAGAIN") throw new OutputFailed(`writing ${output.name}: ${(error as Error).message}`);
      pauseThread(pause); // a pipe that another process has set to non-blocking, and that is full
      pause = Math.min(pause * 2, 16);
    }
  }
}
