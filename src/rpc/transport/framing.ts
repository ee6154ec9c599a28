// How texts are told apart in a stream of bytes. Two ways: a NUL byte after each, or a header of four bytes before.
import { OftrError } from "../../base/index.js";

/** Longest message, its NUL included. */
export const MAX_MESSAGE_BYTES = 1 << 20;

/** The peer broke the framing: what follows cannot be read. */
export class FramingError extends OftrError<"TOO_BIG" | "BAD_HEADER"> {
  override readonly name = "FramingError";
}

/** One direction each: a splitter of what comes, and what goes around each text that is sent. */
export interface Framing {
  /** Takes the next bytes and calls `onText` for each text that they complete. Throws FramingError. */
  split(chunk: Buffer, onText: (text: Buffer) => void): void;
  /** Bytes before a text of this length. */
  header(length: number): Uint8Array;
  /** Bytes after each text. */
  readonly trailer: Uint8Array;
}

const NOTHING = new Uint8Array(0);
const NUL = new Uint8Array(1);

function tooBig(): FramingError {
  return new FramingError("TOO_BIG", "RPC request is too big");
}

/** A NUL byte ends each text; JSON has none. */
export function nulFraming(): Framing {
  /** Pieces of a text that is not complete, and their bytes. */
  let pieces: Buffer[] = [];
  let held = 0;
  return {
    split(chunk, onText) {
      let start = 0;
      for (let nul = chunk.indexOf(0); nul >= 0; nul = chunk.indexOf(0, start)) {
        const text = chunk.subarray(start, nul);
        start = nul + 1;
        if (held + text.length >= MAX_MESSAGE_BYTES) throw tooBig();
        if (held === 0) onText(text);
        else {
          const whole = Buffer.concat([...pieces, text]);
          pieces = [];
          held = 0;
          onText(whole);
        }
      }
      if (start === chunk.length) return;
      pieces.push(chunk.subarray(start));
      held += chunk.length - start;
      if (held >= MAX_MESSAGE_BYTES) throw tooBig();
    },
    header: () => NOTHING,
    trailer: NUL,
  };
}

/** Last byte of each header. */
const TAG = 0xf5;
const HEADER_BYTES = 4;

/**
 * A header before each text:
 *
 *     0                 3      4
 *    +-----------------+------+----
 *    |     length      | 0xf5 | text
 *    +-----------------+------+----
 *
 * `length` counts the text only.
 */
export function binaryFraming(): Framing {
  let held: Buffer = Buffer.alloc(0);
  return {
    split(chunk, onText) {
      let bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      held = Buffer.alloc(0);
      while (bytes.length >= HEADER_BYTES) {
        if (bytes[3] !== TAG) throw new FramingError("BAD_HEADER", "RPC invalid header");
        const length = bytes.readUIntBE(0, 3);
        if (length > MAX_MESSAGE_BYTES) throw tooBig();
        const end = HEADER_BYTES + length;
        if (bytes.length < end) break;
        onText(bytes.subarray(HEADER_BYTES, end));
        bytes = bytes.subarray(end);
      }
      held = bytes;
    },
    header(length) {
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUIntBE(length, 0, 3);
      header[3] = TAG;
      return header;
    },
    trailer: NOTHING,
  };
}
