// One direction of a TCP connection: segments become bytes in order.
import type { Segment } from "./segment.js";

/** Takes the bytes of a stream in order. */
export interface StreamSink {
  /** The next bytes are b[o, end), a view that is valid during the call. */
  onBytes(b: Buffer, o: number, end: number, sec: number, nsec: number): void;
}

/** Puts the segments of one direction in order. */
export class ByteStream {
  readonly #sink: StreamSink;
  /** Sequence number of the byte that is due; -1 before the first segment. */
  #next = -1;

  constructor(sink: StreamSink) {
    this.#sink = sink;
  }

  /** Says which byte is the first one: the one behind a SYN. */
  start(sequence: number): void {
    this.#next = sequence >>> 0;
  }

  /** Takes a segment, whose bytes are in `b`. */
  take(segment: Segment, b: Buffer, sec: number, nsec: number): void {
    const { sequence, payload, payloadEnd } = segment;
    if (payloadEnd === payload) return;
    if (this.#next < 0) this.#next = sequence;
    const ahead = (sequence - this.#next) | 0;
    if (ahead > 0 || -ahead >= payloadEnd - payload) return;
    this.#next = (sequence + payloadEnd - payload) >>> 0;
    this.#sink.onBytes(b, payload - ahead, payloadEnd, sec, nsec);
  }
}
