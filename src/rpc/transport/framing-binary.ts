// A header of four bytes before each text.
import { DEFAULT_LIMITS } from "../../base/index.js";
import { type Framing, FramingError, type FramingLimits, NOTHING, tooBig } from "./framing.js";
import { Gather } from "./gather.js";

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
 * `length`, big-endian, counts the text only, as the limit does.
 */
export function binaryFraming(limits: FramingLimits = () => DEFAULT_LIMITS): Framing {
  const held = new Gather();
  /** Bytes of the text that comes; undefined: its header comes. */
  let wanted: number | undefined;
  return {
    split(chunk, onText) {
      let start = 0;
      for (;;) {
        const end = start + (wanted ?? HEADER_BYTES) - held.length;
        if (end > chunk.length) break;
        const bytes = held.take(chunk.subarray(start, end));
        start = end;
        if (wanted === undefined) {
          wanted = readHeader(bytes, limits().rpcMessageBytes);
        } else {
          wanted = undefined;
          onText(bytes);
        }
      }
      if (start < chunk.length) held.append(chunk.subarray(start));
    },
    header(length) {
      const header = Buffer.alloc(HEADER_BYTES);
      header.writeUIntBE(length, 0, 3);
      header[3] = TAG;
      return header;
    },
    body: (text) => text,
    trailer: NOTHING,
  };
}

function readHeader(header: Buffer, limit: number): number {
  if (header[3] !== TAG) throw new FramingError("BAD_HEADER", "RPC invalid header");
  const length = header.readUIntBE(0, 3);
  if (length > limit) throw tooBig();
  return length;
}
