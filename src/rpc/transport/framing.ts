// How texts are told apart in a stream of bytes: what the framings have in common.
import { countLimitHit, type Limits, OftrError } from "../../base/index.js";

/** The limit that framings obey. It is asked for each text, so that it can change. */
export type FramingLimits = () => Pick<Limits, "rpcMessageBytes">;

/** The peer broke the framing: what follows cannot be read. */
export class FramingError extends OftrError<"TOO_BIG" | "BAD_HEADER"> {
  override readonly name = "FramingError";
}

/** One direction each: a splitter of what comes, and what goes around each text that is sent. */
export interface Framing {
  /**
   * Takes the next bytes and calls `onText` for each text that they complete; its bytes are good during the call.
   * Throws FramingError; the framing must then be discarded.
   */
  split(chunk: Buffer, onText: (text: Buffer) => void): void;
  /** Bytes before a text of this length. */
  header(length: number): Uint8Array;
  /** The text as it may be sent: JSON that means the same. */
  body(text: Uint8Array): Uint8Array;
  /** Bytes after each text. */
  readonly trailer: Uint8Array;
}

/** Nothing around a text. */
export const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * Counts that the limit was met and makes the error.
 * @param detail  what more is to be said; clients of `nul` and `binary` compare the text as a whole
 */
export function tooBig(detail = ""): FramingError {
  countLimitHit("rpcMessageBytes");
  return new FramingError("TOO_BIG", `RPC request is too big${detail}`);
}

/** Names the limit for `tooBig`. */
export function overLimit(limit: number): string {
  return `: it has more than ${limit} bytes (limit rpc-message-bytes)`;
}
