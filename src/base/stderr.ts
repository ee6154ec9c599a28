// stderr, without waiting for whoever reads it: a write to a pipe that is full stops the whole process, and one that a
// thread makes keeps it from ending.
import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import { writeStderr } from "./write-stderr.js";

/** Bytes kept while the reader takes none. More are lost, and counted. */
export const MAX_UNWRITTEN: number = 1 << 20;

const STDERR = 2;

/** Takes lines, in bounded memory. */
export interface StderrLines {
  write(line: string): void;
  /** Resolves when all is written, or cannot be. */
  flush(): Promise<void>;
  /** Gives up what is not written. */
  destroy(): void;
}

/** Opens stderr. @param onLost  told how many lines were lost, when there is space again */
export function openStderr(onLost: (lines: number) => void): StderrLines {
  const kind = fstatSync(STDERR);
  // Files and terminals take what they are given.
  if (!kind.isFIFO() && !kind.isSocket()) {
    return { write: writeStderr, flush: () => Promise.resolve(), destroy: () => undefined };
  }
  const socket = new Socket({ fd: STDERR, readable: false, writable: true });
  let lost = 0;
  // Nobody reads any more.
  socket.on("error", () => undefined);
  socket.on("drain", () => {
    if (lost === 0) return;
    const count = lost;
    lost = 0;
    onLost(count);
  });
  // The log alone does not keep the process alive.
  socket.unref();
  return {
    write(line) {
      if (!socket.writable) return;
      if (socket.writableLength + line.length > MAX_UNWRITTEN) lost++;
      else socket.write(line);
    },
    flush: () =>
      new Promise((resolve) => {
        if (socket.writableLength === 0 || !socket.writable) resolve();
        else socket.write("", () => resolve());
      }),
    destroy: () => socket.destroy(),
  };
}
