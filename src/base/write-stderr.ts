// stderr, for those who cannot do anything about it when it takes nothing.
import { writeSync } from "node:fs";

/** Writes a text to stderr. Where nobody reads it, or the disk is full, it is lost: that ends nothing but the text. */
export function writeStderr(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // There is no other place to say so.
  }
}
