// One TCP connection: two directions, and what both know.
import { ByteStream, type StreamSink } from "./byte-stream.js";
import type { CaptureLimits, HeldBytes } from "./capture-limits.js";
import type { CapturedFlow } from "./captured-message.js";
import type { Speech } from "./openflow-sign.js";
import type { Segment } from "./segment.js";
import { ACK, FIN, RST, SYN } from "./tcp-frame.js";

/** Makes what takes the bytes of one direction. */
export type MakeSink = (flow: CapturedFlow, speech: Speech) => StreamSink;

/** A connection; made when its first packet is captured. */
export class Connection {
  readonly id: number;
  /** How the table of connections finds it. */
  readonly key: string;
  /** From the lesser end to the greater one, and back. */
  readonly #streams: readonly [ByteStream, ByteStream];
  /** One side has reset it, or both have ended it. */
  #closed = false;
  #finished = 0;
  /** Neighbours in the order of the last packets: the table's. */
  older: Connection | undefined;
  newer: Connection | undefined;

  constructor(
    key: string,
    flows: readonly [CapturedFlow, CapturedFlow],
    makeSink: MakeSink,
    limits: CaptureLimits,
    held: HeldBytes,
  ) {
    this.key = key;
    this.id = flows[0].connId;
    const speech = { version: 0, encrypted: false };
    const make = (flow: CapturedFlow): ByteStream => new ByteStream(makeSink(flow, speech), limits, held);
    this.#streams = [make(flows[0]), make(flows[1])];
  }

  /**
   * Whether a segment with the same ends is one of this connection, and not of the next one that uses them.
   * @param direction  0 or 1: which of the two streams it is of
   */
  owns({ flags, sequence, payload, payloadEnd }: Segment, direction: 0 | 1): boolean {
    const stream = this.#streams[direction];
    if ((flags & SYN) !== 0) return stream.startsAt(sequence);
    return !(this.#closed && payloadEnd > payload && stream.isFar(sequence));
  }

  /** Takes a segment, whose bytes are in `b`. */
  take(segment: Segment, direction: 0 | 1, b: Buffer, sec: number, nsec: number): void {
    const { flags, sequence } = segment;
    const stream = this.#streams[direction];
    const other = this.#streams[1 - direction] as ByteStream;
    const syn = (flags & SYN) !== 0;
    if (syn && !stream.begun) stream.start(sequence);
    stream.take(segment, syn ? (sequence + 1) >>> 0 : sequence, b, sec, nsec);
    const acknowledged = (flags & ACK) === 0 ? undefined : segment.acknowledged;
    if (other.waits) other.notice(acknowledged, sec, nsec);
    if (stream.waits) stream.notice(undefined, sec, nsec);
    if ((flags & FIN) !== 0) this.#finished |= 1 << direction;
    if ((flags & RST) !== 0 || this.#finished === 3) this.#closed = true;
  }

  /** Takes the end of all that is known of it. */
  end(): void {
    for (const stream of this.#streams) stream.end();
  }
}
