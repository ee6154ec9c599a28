/** Synchronous input of the commands: files and stdin, chunk by chunk, into a buffer of the caller. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes asked for by one read: large enough that the system calls do not count, small enough for the cache. */
export const CHUNK_BYTES = 256 * 1024;

const NONE = Buffer.alloc(0);

/** An open input. */
export interface Input {
  /** As the user gave it; `-` is stdin. */
  readonly name: string;
  readonly fd: number;
  /** Bytes that were read and are still to be given by readInput. */
  ahead: Buffer;
}

/** Opens a file, or stdin for `-`. Throws the error of the system (`code`: ENOENT, EACCES, EISDIR ...). */
export function openInput(name: string): Input {
  const input = { name, fd: name === "-" ? 0 : openSync(name, "r"), ahead: NONE };
  if (!fstatSync(input.fd).isDirectory()) return input;
  closeInput(input);
  // The system opens directories, and says so at the first read only.
  throw Object.assign(new Error("EISDIR: is a directory"), { code: "EISDIR" });
}

/** Closes what openInput opened; stdin stays open. */
export function closeInput(input: Input): void {
  if (input.fd !== 0) closeSync(input.fd);
}

/** Bytes of a file on a disk, which are all there; undefined for pipes, sockets, terminals and devices. */
export function sizeOf(input: Input): number | undefined {
  const stat = fstatSync(input.fd);
  return stat.isFile() ? stat.size : undefined;
}

/** Reads the next `n` bytes, fewer at the end; readInput gives them again. Throws the error of the system. */
export function peekInput(input: Input, n: number): Buffer {
  const bytes = Buffer.alloc(n);
  let have = 0;
  for (let got = -1; have < n && got !== 0; have += got) got = readInput(input, bytes, have);
  input.ahead = bytes.subarray(0, have);
  return input.ahead;
}

/**
 * Reads what is there, at most to the end of `buffer`, and stores it from `at` on. Waits only while there is nothing.
 * Gives the number of bytes, 0 at the end. Throws the error of the system (`code`: EIO ...).
 */
export function readInput(input: Input, buffer: Uint8Array, at: number): number {
  if (input.ahead.length > 0) {
    const n = input.ahead.copy(buffer, at);
    input.ahead = input.ahead.subarray(n);
    return n;
  }
  for (let pause = 1; ; pause = Math.min(pause * 2, 16)) {
    try {
      return readSync(input.fd, buffer, at, buffer.length - at, null);
    } catch (error) {
      const code = errorCode(error);
      if (code === "EOF") return 0; // Windows says so at the end of a pipe
      if (code !== "EAGAIN") throw error;
      pauseThread(pause);
    }
  }
}

/** Stops the thread for `milliseconds`; for descriptors that another process has set to non-blocking. */
export function pauseThread(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** The `code` of a system error such as `ENOENT`; undefined for other errors. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
