/** Frames as hex, of which nobody asks for the transaction id. */
import type { Reply } from "./questions.js";

/** A frame without its transaction id. */
export function partsThatMatter(hex: string): string {
  return hex.slice(0, 8) + hex.slice(16);
}

/** The frame that was answered; undefined where there is none. */
export function frameIn(reply: Reply): string | undefined {
  return reply.kind === "read" ? partsThatMatter(reply.text) : undefined;
}

/** The two digits of a byte, by the number of the first. */
export function byteAt(hex: string, i: number): string {
  return hex.slice(i, i + 2);
}

/** Whether all bytes that a change has changed are right now. */
export function isMended(before: string, after: string | undefined, right: string): boolean {
  if (
    after === undefined ||
    after === before ||
    after.length !== right.length ||
    before.length !== right.length
  )
    return false;
  for (let i = 0; i < right.length; i += 2) {
    if (byteAt(after, i) !== byteAt(before, i) && byteAt(after, i) !== byteAt(right, i)) return false;
  }
  return true;
}
