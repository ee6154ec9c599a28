// The first of two passes over a frame: which headers it has, and where.
import { ethernet } from "./ethernet.js";
import type { Protocol } from "./protocol.js";

/** Headers of a frame that are told apart, tags of VLANs not counted. What is behind them is payload. */
export const MAX_HEADERS = 32;

/**
 * The headers of the frame that was looked at last. One object serves all frames: finding and writing are synchronous, and
 * nothing is allocated for a packet.
 */
export interface Headers {
  /** How many were found; the outermost is number 0. */
  count: number;
  readonly protocols: Protocol[];
  /** Where each starts. The next one starts where it ends. */
  readonly starts: Int32Array;
  /** Where the last header ends. */
  content: number;
  /** Where the payload starts: `content`, or the end of the frame when only padding follows. */
  rest: number;
}

/** An empty list of headers, to be filled by `findHeaders`. */
export function makeHeaders(): Headers {
  return { count: 0, protocols: [], starts: new Int32Array(MAX_HEADERS), content: 0, rest: 0 };
}

/** Finds the headers of the frame b[o, end), the first one of protocol `start`, and notes them in `headers`. */
export function findHeaders(
  b: Uint8Array,
  o: number,
  end: number,
  headers: Headers,
  start: Protocol = ethernet,
): void {
  let count = 0;
  let at = o;
  let contentEnd = end;
  let protocol: Protocol | undefined = start;
  while (protocol !== undefined && count < MAX_HEADERS) {
    const length: number = protocol.measure(b, at, contentEnd);
    if (length === 0) break;
    headers.protocols[count] = protocol;
    headers.starts[count++] = at;
    const stop: number = at + length;
    const next: Protocol | undefined = protocol.next(b, at, stop, contentEnd);
    if (protocol.contentEnd !== undefined) contentEnd = protocol.contentEnd(b, at, stop, contentEnd);
    protocol = next;
    at = stop;
  }
  headers.count = count;
  headers.content = at;
  headers.rest = count > 0 && headers.protocols[count - 1]!.closes && isZero(b, at, end) ? end : at;
}

/** Whether b[o, end) is nothing but zeros, as padding is. */
export function isZero(b: Uint8Array, o: number, end: number): boolean {
  for (let i = o; i < end; i++) if (b[i] !== 0) return false;
  return true;
}

/** Where header number `i` ends. */
export function stopOf(headers: Headers, i: number): number {
  return i + 1 < headers.count ? headers.starts[i + 1]! : headers.content;
}
